"""How do countries vote in the UN General Assembly (ideal points of Bailey, Strezhnev and Voeten 2017)?

The difference between two ideal points is a voting distance. Read are the tab-separated release with a column ``year``
and the older comma-separated one with ``session`` (session 1 is 1946).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import small
from schakel.sources.reader import Head, Loaded, ReadOptions, look, only_file, others, staged

_FIRST_SESSION = 1945
_OLD_CODES = {"YAR": "YEM", "YMD": "YMD"}  # the Yemen Arab Republic's seat passed to Yemen in 1990
_COLUMNS = (
    ("ideal_point", ("idealpointfp", "idealpointall", "idealpoint")),
    ("low_5", ("q5fp", "q5all", "q5")),
    ("median", ("q50fp", "q50all", "q50")),
    ("high_95", ("q95fp", "q95all", "q95")),
)


class IdealPoints:
    """Reader of UN General Assembly ideal points."""

    name = "ideal-points"
    title = "UN General Assembly ideal points"
    licence = "CC0-1.0"
    source = Source(
        id="unga-ideal-points",
        title="United Nations General Assembly Voting Data: ideal points (Bailey, Strezhnev and Voeten)",
        publisher="Harvard Dataverse",
        url="https://doi.org/10.7910/DVN/LEJUQZ",
        licence="CC0-1.0",
    )

    def recognises(self, head: Head) -> bool:
        """Say whether a file has the columns of ideal points."""
        return any(_fits(item) for item in head.files())

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read the file.

        Returns
        -------
        Loaded
            Table ``ideal_points``: year, iso3, ideal_point, low_5, median, high_95, votes, name.

        Raises
        ------
        InputError
            If a country is unknown, a value is no number, or a country and year stand twice.
        """
        import pyarrow as pa

        from schakel.nomenclature import countries

        head = look(path)
        path = only_file(head, _fits)
        codes = countries.code_table("iso") | _OLD_CODES
        out: list[dict[str, Any]] = []
        seen: dict[Any, small.Row] = {}
        with staged(stage) as work:
            for row in small.rows(path, work, options, ",\t"):
                iso = codes.get(row["iso3c"].upper())
                if iso is None:
                    raise row.fault("iso3c", f"unknown country code {row['iso3c']!r}", "correct the code")
                year = row.year("year") if "year" in row.cells else row.integer("session") + _FIRST_SESSION
                small.unique(seen, (iso, year), row)
                votes = next((name for name in ("nvotesfp", "nvotesall", "nvotes") if name in row.cells), "")
                record: dict[str, Any] = {"year": year, "iso3": iso, "name": row.get("countryname")}
                for column, names in _COLUMNS:
                    found = next((name for name in names if name in row.cells), "")
                    record[column] = (
                        (row.number(found) if column == "ideal_point" else row.maybe(found)) if found else None
                    )
                out.append(record | {"votes": row.integer(votes) if votes else None})
            if not out:
                raise InputError("the file has a header but no rows", where=str(path), remedy="download it again")
            numbers = [(column, pa.float64()) for column, _ in _COLUMNS]
            schema = pa.schema(
                [("year", pa.int16()), ("iso3", pa.string()), *numbers, ("votes", pa.int32()), ("name", pa.string())]
            )
            folder = small.write(out, schema, stage, "ideal_points")
        years = sorted({row["year"] for row in out})
        return Loaded(
            options.dataset or "ideal-points",
            options.version or f"{years[0]}-{years[-1]}",
            {"ideal_points": folder},
            len(out),
            len(out),
            {},
            not_read=others(head, path),
        )


def _fits(head: Head) -> bool:
    names = head.columns
    return "iso3c" in names and bool(names & {"year", "session"}) and bool(names & set(_COLUMNS[0][1]))
