"""How does a file become a data set of the lake?

Recognised, guarded, read into a stage, checked by the rules and published; or refused with a reason, and then nothing
of it is kept.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.evidence import sha256_file
from schakel.lake import Dataset, Lake
from schakel.sources.chainreaders import OwnChain
from schakel.sources.own import OwnFlows
from schakel.sources.reader import Loaded, Reader, ReadOptions, look, recognise
from schakel.sources.textfile import DATA_SUFFIXES

MAX_RATIO = 200  # real tables pack to a tenth; a hundredfold is suspect, beyond this it is a bomb
MIN_BOMB_BYTES = 100 << 20
MAX_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file.

    Attributes
    ----------
    dataset
        The data set as it stands now.
    reader
        What the file was taken for.
    load
        The reader's account of its rows.
    notes
        What the user should know, for example years that are no longer in the current version.
    files
        Names of the files that were read.
    """

    dataset: Dataset
    reader: str
    load: Loaded
    notes: tuple[str, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file came from: its address, the date, and the licence a user states for a file of their own."""

    url: str = ""
    retrieved: str = ""
    licence: str = ""


def add(
    path: Path,
    lake: Lake,
    *,
    name: str | None = None,
    options: ReadOptions | None = None,
    hs: int | None = None,
    coverage: str = "world",
    extend: bool = False,
    origin: Origin | None = None,
) -> Added:
    """Load a published file, or a flow file of one's own, into the lake.

    Parameters
    ----------
    name
        Name in the lake; the reader's when None.
    hs, coverage
        HS revision and coverage, for a flow file of one's own.
    extend
        Keep tables and years of the current version that this file does not bring.

    Raises
    ------
    InputError
        If the file is not recognised, or anything in it is not as it should be; nothing of it is kept.
    NotFoundError
        If there is no file.
    MachineError
        If disk or permission are in the way; nothing of it is kept.
    """
    import duckdb

    options = options or ReadOptions()
    origin = origin or Origin()
    if not path.exists():
        raise NotFoundError("there is no such file", where=str(path), remedy="check the path")
    guard(path)
    chosen = choose(path, hs=hs, coverage=coverage)
    before = {**_inputs(path)}
    if origin.licence and not isinstance(chosen, OwnFlows | OwnChain):
        raise InputError(
            f"the licence of {chosen.title} is {chosen.licence}; it is not for the user to change",
            where=str(path),
            remedy="leave out --licence, which is for flow files and chains of your own",
        )
    if origin.licence and isinstance(chosen, OwnChain) and chosen.stated:
        raise InputError(
            "the folder states the licences of its sources itself",
            where=f"{path}, file sources.csv",
            remedy="leave out --licence, or change sources.csv",
        )
    with lake.stage() as stage:
        room = stage / "read"
        room.mkdir()
        try:
            load = chosen.read(path, room, replace(options, dataset=name) if name else options)
        except OSError as error:
            raise MachineError(
                f"the machine refused to read or write: {error.strerror or error}",
                where=str(error.filename or path),
                remedy="check free space and permissions; nothing was loaded",
            ) from error
        except duckdb.Error as error:
            raise InputError(
                f"the query engine cannot take a value of the file: {str(error).splitlines()[0]}",
                where=str(path),
                remedy="look for a value that is far too large or of another kind; nothing was loaded",
            ) from error
        source = chosen.source.as_dict()
        if origin.url:
            source["url"] = origin.url
        notes = _hidden(lake, name or load.dataset, load) if not extend else ()
        before_id = _current_id(lake, name or load.dataset)
        dataset = lake.publish(
            load,
            stage,
            title=f"{chosen.title}, {load.version}",
            licence=origin.licence or chosen.licence,
            source=source,
            retrieved=origin.retrieved or datetime.now(UTC).date().isoformat(),
            inputs=[{"name": key, **value} for key, value in before.items() if key not in load.not_read],
            name=name,
            extend=extend,
        )
    if dataset.id == before_id:
        notes = ("these very rows were here already; nothing has changed",)
    return Added(dataset, chosen.title, load, notes, tuple(key for key in before if key not in load.not_read))


def choose(path: Path, *, hs: int | None = None, coverage: str = "world") -> Reader:
    """Return the reader that takes the file; a chain or flow file of one's own when no public source has its layout.

    Raises
    ------
    InputError
        If nothing takes it.
    """
    chain = OwnChain.of(path)
    if chain is not None:
        return chain
    own = OwnFlows(hs=hs, coverage=coverage)
    if own.claims(path):
        return own
    try:
        return recognise(path)
    except InputError:
        if not path.is_dir() and own.recognises(look(path)):
            return own
        raise


def guard(path: Path) -> None:
    """Refuse an archive that would harm: far larger than it looks, with paths out of itself, or full of links.

    Raises
    ------
    InputError
        Naming the member.
    """
    if path.is_dir() or not zipfile.is_zipfile(path):
        return  # other kinds are unpacked as a stream under a ceiling by the readers
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        return  # the reader says what is wrong with it
    if len(members) > MAX_ENTRIES:
        raise InputError(
            f"the zip holds {len(members):,} files", where=str(path), remedy="no known source is like this; check it"
        )
    unpacked = 0
    for member in members:
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0] or link:
            raise InputError(
                "the zip holds a path out of itself",
                where=f"{path}, member {member.filename}",
                remedy="do not use this file",
            )
        unpacked += member.file_size
    if unpacked > MIN_BOMB_BYTES and unpacked > MAX_RATIO * path.stat().st_size:
        raise InputError(
            f"the zip of {path.stat().st_size:,} bytes unpacks to {unpacked:,}",
            where=str(path),
            remedy="no real table packs so well; check where the file came from",
        )
    free = shutil.disk_usage(Path.home()).free
    if unpacked > free:
        raise MachineError(
            f"the zip unpacks to {unpacked:,} bytes and {free:,} are free",
            where=str(path),
            remedy="free some space first",
        )


def _inputs(path: Path) -> dict[str, dict[str, Any]]:
    files = [path] if path.is_file() else sorted(item for item in path.iterdir() if _is_data(item))
    try:
        return {item.name: {"sha256": sha256_file(item), "bytes": item.stat().st_size} for item in files}
    except PermissionError as error:
        raise InputError(
            "the file may not be read", where=str(error.filename or path), remedy="give yourself read permission"
        ) from None


def _current_id(lake: Lake, name: str) -> str:
    try:
        return lake.open(name).id
    except (NotFoundError, IntegrityError):
        return ""


def _is_data(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix.lower() in DATA_SUFFIXES


def _hidden(lake: Lake, name: str, load: Loaded) -> tuple[str, ...]:
    """Return a note on the tables and years that the current version has and the new one will not."""
    try:
        old = lake.open(name)
    except (NotFoundError, IntegrityError):  # a damaged version is mended by this very load
        return ()
    gone = []
    for table in old.tables:
        if table not in load.tables:
            gone.append(f"table {table}")
            continue
        new = {int(entry.name[5:]) for entry in Path(load.tables[table]).glob("year=*")}
        years = [str(year) for year in old.years(table) if year not in new]
        if years:
            gone.append(f"{table} {_span(years)}")
    if not gone:
        return ()
    return (f"no longer in the current version: {', '.join(gone)}; add with --extend to keep them",)


def _span(years: list[str]) -> str:
    whole = len(years) > 2 and int(years[-1]) - int(years[0]) == len(years) - 1
    return f"{years[0]} to {years[-1]}" if whole else ", ".join(years)


def as_row(dataset: Dataset) -> Mapping[str, Any]:
    """Return a data set as one row of a list."""
    years = sorted({year for table in dataset.tables for year in dataset.years(table)})
    return {
        "name": dataset.name,
        "title": dataset.title,
        "version": dataset.version,
        "id": dataset.id,
        "years": [years[0], years[-1]] if years else [],
        "rows": dataset.rows_kept,
        "rows_in_tables": dataset.rows,
        "bytes": dataset.bytes,
        "licence": dataset.licence,
        "coverage": dataset.coverage,
        "retrieved": dataset.retrieved,
    }
