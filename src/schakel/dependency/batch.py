"""What do all definitions say of all importers, year by year, of flows of any length?

One pass over a year makes the building blocks; every definition is then asked of a range of products at a time. Memory follows the range and the longest
window of the definitions, not the number of years. Each verdict is the one `screen` gives for the same reporter, product, year and definition.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from schakel import scratch
from schakel.dependency import measures as ms
from schakel.dependency import presets as definitions
from schakel.dependency.batch_table import CODED, add_to_digest, table
from schakel.dependency.evaluate import Context, Evaluated, evaluate
from schakel.dependency.indicators import YearIndicators, check_year
from schakel.dependency.kernel import cores, pieces
from schakel.dependency.presets import Preset
from schakel.dependency.screen import Setting, country, definition_sha256, engine_name, euros
from schakel.dependency.yearstore import StoredYear, store
from schakel.errors import InputError, NotFoundError
from schakel.evidence import Receipt, sha256_text
from schakel.lake.flowset import FlowSet
from schakel.lake.stage import machine_faults
from schakel.nomenclature import blocs

if TYPE_CHECKING:
    import pyarrow as pa

COMMAND = "batch"
RANGE_ROWS = 60_000  # rows of (product, importer) in hand at once, for each thread


@dataclass(frozen=True)
class Tally:
    """How many rows of one year meet a definition, do not, or stay undecided."""

    year: int
    method: str
    dependent: int
    not_dependent: int
    undecided: int


@dataclass(frozen=True)
class Batch:
    """A finished run: one Parquet file a year, the counts, warnings, and the receipt."""

    files: tuple[Path, ...]
    rows: int
    tallies: tuple[Tally, ...]
    warnings: tuple[str, ...]
    receipt: Receipt

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "files": [path.name for path in self.files],
            "rows": self.rows,
            "tallies": [{**t.__dict__} for t in self.tallies],
            "warnings": list(self.warnings),
            "receipt": self.receipt.as_dict(),
        }


@dataclass(frozen=True)
class _Plan:
    """Definitions that share a bloc and a named partner, and so the building blocks."""

    presets: tuple[Preset, ...]
    bloc: str
    partner: str

    @property
    def window(self) -> int:
        return max(p.window + p.mean_years - 1 for p in self.presets)


def run(
    flows: FlowSet,
    out: Path,
    *,
    years: Sequence[int] | None = None,
    methods: Sequence[str] | None = None,
    reporters: Sequence[str] | None = None,
    values: bool = False,
    threads: int | None = None,
    done: Callable[[float], None] = lambda amount: None,
) -> Batch:
    """Ask every definition of every importer and write the answers to a folder.

    Parameters
    ----------
    out
        Folder for ``year=YYYY.parquet`` and ``batch.json``; made when it is not there. Files of the same name are replaced.
    years, methods, reporters
        All years of the flows, all presets, and all importers with the bloc as one, when left out.
    values
        Also write each criterion's value, as ``METHOD.CRITERION``.
    done
        Called with 1 after each year.

    Returns
    -------
    Batch
        Rows have year, importer, product, import value (all suppliers), top supplier with its share, a column a definition (true, false, null), and the
        number of definitions met and left open.

    Raises
    ------
    NotFoundError, InputError
        If a year, definition or reporter is unknown.
    MachineError
        If the folder cannot be written or the disk is full; years written before stand.
    """
    chosen = tuple(definitions.preset(name) for name in (methods or definitions.names()))
    if len({p.name for p in chosen}) < len(chosen):
        raise InputError("a definition is named twice", remedy="name each definition once")
    wanted = tuple(sorted(set(years or flows.years)))
    for year in wanted:
        check_year(flows, year)
    plans = _plans(chosen)
    importers = None if reporters is None else _positions(flows, plans, reporters)
    digest: dict[str, Any] = {}
    tallies: list[Tally] = []
    files = []
    with machine_faults(out), contextlib.ExitStack() as stack:
        out.mkdir(parents=True, exist_ok=True)
        work = scratch.folder("schakel-batch-")
        stack.callback(scratch.remove, work)
        holders = [_Years(flows, plan, work / f"plan-{n}", importers, threads) for n, plan in enumerate(plans)]
        for year in wanted:
            target = out / f"year={year}.parquet"
            tallies += _write_year(flows, holders, chosen, year, target, values, threads, digest)
            files.append(target)
            done(1)
        answer = Batch(
            files=tuple(files),
            rows=sum(t.dependent + t.not_dependent + t.undecided for t in tallies) // max(1, len(chosen)),
            tallies=tuple(tallies),
            warnings=(*flows.warnings, *_missing(flows, chosen, wanted)),
            receipt=_receipt(flows, methods or definitions.names(), chosen, wanted, reporters, values, digest),
        )
        half = out / "batch.json.half"
        half.write_text(json.dumps(answer.as_dict(), indent=1, ensure_ascii=False) + "\n", "utf-8")
        half.replace(out / "batch.json")
    return answer


def _plans(presets: Sequence[Preset]) -> tuple[_Plan, ...]:
    groups: dict[tuple[str, str], list[Preset]] = {}
    named = {p.name: next((c.partner for c in p.criteria if c.partner), "") for p in presets}
    first = next((x for x in named.values() if x), "CHN")
    for p in presets:  # a definition without a named partner joins any group
        groups.setdefault((p.bloc, named[p.name] or first), []).append(p)
    return tuple(_Plan(tuple(found), bloc, partner) for (bloc, partner), found in groups.items())


def _positions(flows: FlowSet, plans: Sequence[_Plan], reporters: Sequence[str]) -> tuple[int, ...]:
    out = []
    for name in reporters:
        if blocs.is_bloc(name.upper()):
            if {name.upper()} != {plan.bloc for plan in plans}:
                raise InputError(
                    f"{name} is not the bloc of every definition asked for",
                    remedy=f"leave it out, or ask for {', '.join(sorted({p.bloc for p in plans}))}",
                )
            out.append(len(flows.countries))
            continue
        at = flows.country_index(country(name))
        if at < 0:
            raise NotFoundError(f"the flows hold nothing of {name}", remedy="check the reporter")
        out.append(at)
    return tuple(sorted(set(out)))


class _Years:
    """The stored years of a plan: made when first asked for, gone when the window has passed."""

    def __init__(
        self, flows: FlowSet, plan: _Plan, folder: Path, importers: tuple[int, ...] | None, threads: int | None
    ) -> None:
        self.flows, self.plan, self.importers, self.threads = flows, plan, importers, threads
        self.folder = folder
        self.folder.mkdir()
        self.stored: dict[tuple[int, frozenset[str]], StoredYear] = {}

    def window(self, year: int) -> dict[int, StoredYear]:
        members = frozenset(blocs.members(self.plan.bloc, year))
        years = [t for t in range(year - self.plan.window + 1, year + 1) if t in self.flows.years]
        for key in [k for k in self.stored if k[0] < years[0] or k[1] != members]:
            self.stored.pop(key).remove()
        for t in years:
            if (t, members) not in self.stored:
                parts = pieces(self.flows, t, members=members, partner=self.plan.partner, threads=self.threads)
                self.stored[t, members] = store(
                    self.flows, t, self.plan.bloc, parts, self.folder / str(t), self.importers
                )
        return {t: self.stored[t, members] for t in years}


def _ranges(stored: StoredYear) -> Iterator[tuple[int, int]]:
    """Yield ranges of products of about RANGE_ROWS rows each."""
    first, n = 0, len(stored.offsets) - 1
    while first < n:
        stop = int(np.searchsorted(stored.offsets, stored.offsets[first] + RANGE_ROWS, side="right")) - 1
        stop = min(max(stop, first + 1), n)
        yield first, stop
        first = stop


def _write_year(
    flows: FlowSet,
    holders: Sequence[_Years],
    chosen: Sequence[Preset],
    year: int,
    target: Path,
    values: bool,
    threads: int | None,
    digest: dict[str, Any],
) -> list[Tally]:
    import pyarrow.parquet as pq

    windows = [(holder.plan, holder.window(year)) for holder in holders]
    workers = max(1, threads or cores())
    counts = {p.name: np.zeros(3, np.int64) for p in chosen}
    half = target.with_suffix(".half")
    writer = None

    def take(future: Future[tuple[pa.Table, dict[str, ms.Flags]]]) -> None:
        nonlocal writer
        found, flags = future.result()
        for name, flag in flags.items():
            counts[name] += np.bincount(flag + 1, minlength=3)
        add_to_digest(found, digest)
        if writer is None:
            writer = pq.ParquetWriter(
                half, found.schema, compression="lz4", use_dictionary=CODED, write_statistics=CODED
            )
        writer.write_table(found)

    try:
        with ThreadPoolExecutor(workers) as pool:
            pending: list[Future[tuple[pa.Table, dict[str, ms.Flags]]]] = []
            for first, stop in _ranges(windows[0][1][year]):
                pending.append(pool.submit(_range, flows, windows, chosen, year, first, stop, values))
                if len(pending) > workers:
                    take(pending.pop(0))
            for waiting in pending:
                take(waiting)
        if writer is not None:
            writer.close()
            half.replace(target)
    finally:
        if writer is not None:
            writer.close()
        half.unlink(missing_ok=True)
    return [Tally(year, name, int(n[2]), int(n[1]), int(n[0])) for name, n in counts.items()]


def _range(
    flows: FlowSet,
    windows: Sequence[tuple[_Plan, dict[int, StoredYear]]],
    chosen: Sequence[Preset],
    year: int,
    first: int,
    stop: int,
    values: bool,
) -> tuple[pa.Table, dict[str, ms.Flags]]:
    """Ask every definition of the products of a range."""
    found: dict[str, Evaluated] = {}
    y: YearIndicators | None = None
    for plan, stored in windows:
        years = {t: one.between(first, stop) for t, one in stored.items()}
        y = y or years[year]
        members = frozenset(blocs.members(plan.bloc, year))
        for preset in plan.presets:
            where = Setting("", preset, plan.bloc, members, preset.treatment)
            context = Context(
                treatment=preset.treatment,
                members=members,
                scale=flows.scale,
                currency=flows.currency,
                coverage=flows.coverage,
                has_re_export=flows.has_re_export,
                partner=plan.partner,
                eur=euros(flows, where, years),
            )
            found[preset.name] = evaluate(preset, years, year, context, informational=False)
    if y is None:
        raise InputError("no definition was asked for", remedy="name at least one")
    return table(flows, y, [found[p.name] for p in chosen], values), {n: e.verdict for n, e in found.items()}


def _missing(flows: FlowSet, chosen: Sequence[Preset], years: Sequence[int]) -> Iterator[str]:
    for p in chosen:
        absent = {t for year in years for t in range(year - p.window + 1, year + 1) if t not in flows.years}
        if absent:
            yield f"{p.name} looks at {p.window} years; no flows of {', '.join(map(str, sorted(absent)))}"


def _receipt(
    flows: FlowSet,
    methods: Sequence[str],
    chosen: Sequence[Preset],
    years: Sequence[int],
    reporters: Sequence[str] | None,
    values: bool,
    digest: dict[str, Any],
) -> Receipt:
    parameters = {
        "command": COMMAND,
        "years": list(years),
        "methods": list(methods),
        "definitions_sha256": sha256_text(repr(p) for p in chosen),
        "reporters": list(reporters) if reporters is not None else "all",
        "values": values,
        **dict(flows.reading),
    }
    codes = [*flows.countries, *flows.products]
    return Receipt(
        inputs=flows.inputs,
        parameters=parameters,
        sql_sha256=definition_sha256(),
        engine=engine_name(),
        result_sha256=sha256_text([*codes, *(f"{name}={found.hexdigest()}" for name, found in digest.items())]),
    )
