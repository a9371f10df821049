"""How do inter-country input-output tables enter the lake: WIOD, OECD ICIO, FIGARO, or one that pymrio saved?

Every year that a file, zip or folder holds is read. Counts are of cells: zeros, value added and printed sums are left out by
declared rule, so every cell of the file is accounted for.
"""

from __future__ import annotations

from pathlib import Path

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import figaro, icio, mriofiles, wiod
from schakel.sources.mriolake import write
from schakel.sources.reader import Head, Loaded, ReadOptions, staged

COUNTED = "Rows are counted in cells of the published table; cells without a delivery are left out as zero."


class InterCountry:
    """Reader of one kind of inter-country table (`schakel.sources.mriofiles`)."""

    def __init__(self, kind: str, name: str, source: Source, caveats: tuple[str, ...] = ()) -> None:
        self.kind, self.name, self.source = kind, name, source
        self.title = mriofiles.KINDS[kind]
        self.licence = source.licence
        self._caveats = caveats

    def recognises(self, head: Head) -> bool:
        """Say whether the file or folder holds such a table."""
        return mriofiles.kind_of(head.path) == self.kind

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read every year there.

        Returns
        -------
        Loaded
            Tables ``mrio_industries``, ``mrio_flows`` and ``mrio_final``.

        Raises
        ------
        InputError
            Naming file, row and column.
        """
        years = mriofiles.years(path, self.kind)
        if not years:
            raise InputError("no year of this table is here", where=str(path), remedy="name a file of it")
        tables: dict[str, Path] = {}
        left: dict[str, int] = {}
        notes: dict[str, None] = dict.fromkeys((*self._caveats, COUNTED))
        versions: dict[str, None] = {}
        read = kept = 0
        with staged(stage):
            for year in years:
                one = mriofiles.published(path, self.kind, year or None)
                made, cells = write(one, stage)
                tables |= made
                read += one.cells_read
                kept += cells
                for rule, count in {**one.left_out, "zero": one.cells_kept - cells}.items():
                    left[rule] = left.get(rule, 0) + count
                notes |= dict.fromkeys(f"{one.name}: {note}" for note in one.notes)
                notes[f"Amounts are in {one.unit}."] = None
                versions[one.version] = None
        span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0]) if years[0] else ""
        return Loaded(
            options.dataset or self.name,
            options.version or " ".join(filter(None, (*versions, span))),
            tables,
            read,
            kept,
            {rule: count for rule, count in left.items() if count},
            tuple(notes),
        )


def readers() -> tuple[InterCountry, ...]:
    """Return the readers of inter-country tables."""
    saved = Source(
        id="pymrio",
        title="Table saved by pymrio",
        publisher="stated by the user",
        url="",
        licence="user-supplied",
    )
    return (
        InterCountry("wiod", "wiod2013", wiod.SOURCE),
        InterCountry("icio", "oecd-icio", icio.SOURCE),
        InterCountry("figaro", "figaro", figaro.SOURCE),
        InterCountry(
            "pymrio", "mrio", saved, ("Read through pymrio; its licence is that of the publisher: check it.",)
        ),
    )
