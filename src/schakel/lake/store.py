"""Which data sets are here, and how does a new version take the place of the old one without a moment in between?

Layout: ``<root>/<dataset>/<version>/<table>/year=YYYY/part.parquet``, a ``datapackage.json`` in each version, and one
pointer ``current.json`` a data set. A version never changes once it stands; its name ends in the head of its content
hash. Publishing is: write everything in a stage, make it durable, rename the stage to the version's name, replace the
pointer. Killed anywhere on that way, the pointer still names a whole version.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from schakel.errors import InputError, IntegrityError, NotFoundError
from schakel.evidence import sha256_file
from schakel.lake import integrity, layout, rules
from schakel.lake import stage as staging
from schakel.lake.dataset import DESCRIPTOR, Dataset, File, read
from schakel.lake.engine import connect, machine_faults
from schakel.lake.lock import held

POINTER = "current.json"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")


class Load(Protocol):
    """What a reader hands over: tables in a stage, and the account of the rows it read."""

    @property
    def dataset(self) -> str:
        """Name for the lake."""

    @property
    def version(self) -> str:
        """The publisher's version."""

    @property
    def tables(self) -> Mapping[str, Path]:
        """Table name to its Parquet file, or to a folder of them, in the stage."""

    @property
    def rows_read(self) -> int:
        """Data rows in the published file."""

    @property
    def rows_kept(self) -> int:
        """Rows of the published file that went into the tables."""

    @property
    def left_out(self) -> Mapping[str, int]:
        """Rows left out, by declared rule."""

    @property
    def caveats(self) -> Sequence[str]:
        """What a user of the rows must know."""

    @property
    def coverage(self) -> str:
        """Of trade: world, imports, exports, or empty."""


class Lake:
    """The store of data sets under one folder.

    Parameters
    ----------
    root
        Folder of the lake; None takes the setting. It need not exist: an absent lake is an empty one.
    """

    def __init__(self, root: Path | None = None) -> None:
        if root is None:
            from schakel import settings

            root = settings.load().lake
        self.root = Path(root)

    def stage(self) -> AbstractContextManager[Path]:
        """Return a context that gives a reader an empty folder to write its tables in (see `schakel.lake.stage`)."""
        return staging.stage(self.root)

    def names(self) -> tuple[str, ...]:
        """Return the names of the data sets that have a current version."""
        with staging.machine_faults(self.root):
            if not self.root.is_dir():
                return ()
            return tuple(sorted(entry.name for entry in self.root.iterdir() if (entry / POINTER).is_file()))

    def list(self) -> tuple[Dataset, ...]:
        """Return the current version of every data set, by name."""
        return tuple(self.open(name) for name in self.names())

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the ids of the versions of a data set that stand."""
        folder = self._folder(name)
        if not folder.is_dir():
            return ()
        return tuple(sorted(entry.name for entry in folder.iterdir() if (entry / DESCRIPTOR).is_file()))

    def open(self, name: str, version: str | None = None) -> Dataset:
        """Return a version of a data set, the current one when none is named.

        Raises
        ------
        NotFoundError
            If there is no data set or version of that name.
        IntegrityError
            If its pointer or descriptor is damaged.
        """
        folder = self._folder(name)
        if version is None:
            version = self._current(folder)
            if version is None:
                here = ", ".join(self.names()) or "none yet"
                raise NotFoundError(
                    f"no data set {name!r} in the lake",
                    where=str(self.root),
                    remedy=f"data sets here: {here}; load one with: schakel data add FILE",
                )
        elif version not in self.versions(name):
            known = ", ".join(self.versions(name)) or "none"
            raise NotFoundError(f"data set {name!r} has no version {version!r}", remedy=f"versions here: {known}")
        return read(folder / version)

    def publish(
        self,
        load: Load,
        stage: Path,
        *,
        title: str,
        licence: str,
        source: Mapping[str, str],
        retrieved: str = "",
        inputs: Sequence[Mapping[str, Any]] = (),
        name: str | None = None,
        extend: bool = False,
    ) -> Dataset:
        """Check what a reader wrote and make it the current version, whole or not at all.

        Parameters
        ----------
        load
            The reader's account; its tables stand under ``stage``.
        stage
            The folder from `stage`.
        licence
            Id of the licence of the rows.
        inputs
            Files it was made from, as mappings with name, sha256 and bytes.
        name
            Name in the lake when not the reader's.
        extend
            Keep the tables and years of the current version that this load does not bring.

        Raises
        ------
        InputError
            If the rows do not add up, a table is not as declared, or a rule returns rows.
        MachineError
            If the disk is full or not writable.
        """
        name = load.dataset if name is None else name
        folder = self._folder(name)
        if load.rows_read != load.rows_kept + sum(load.left_out.values()):
            out = sum(load.left_out.values())
            raise InputError(
                f"{load.rows_read:,} rows were read, but {load.rows_kept:,} kept and {out:,} left out by rule",
                where=name,
                remedy="report this: a reader lost rows",
            )
        with staging.machine_faults(self.root):
            whole = stage / "whole"
            files = self._settle(load, whole, name)
            dataset = Dataset(
                name=name,
                title=title,
                id="",
                version=load.version,
                folder=whole,
                licence=licence,
                source=dict(source),
                retrieved=retrieved or datetime.now(UTC).date().isoformat(),
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                coverage=load.coverage,
                rows_read=load.rows_read,
                rows_kept=load.rows_kept,
                left_out=dict(load.left_out),
                caveats=tuple(load.caveats),
                inputs=tuple(inputs),
                files=files,
            )
            folder.mkdir(parents=True, exist_ok=True)
            with held(folder / ".lock"):
                if extend:
                    dataset = self._extended(dataset, whole)
                return self._install(dataset, whole, stage)

    def _settle(self, load: Load, whole: Path, name: str) -> tuple[File, ...]:
        """Bring the reader's tables into the layout, check them by the rules, and return their files."""
        files: list[File] = []
        with connect() as connection, machine_faults(str(self.root)):
            for table, path in sorted(load.tables.items()):
                for target, year in layout.arrange(connection, table, Path(path), whole):
                    rules.check(connection, table, layout.parquet(target), where=name)
                    files.append(layout.describe(connection, whole, target, table, year))
        if not any(file.rows for file in files):
            raise InputError(
                "no row is left to load", where=name, remedy="check that the file holds data below its header"
            )
        return tuple(files)

    def _extended(self, new: Dataset, whole: Path) -> Dataset:
        """Return the new version with what only the current one has; the caller holds the lock."""
        current = self._current(self.root / new.name)
        if current is None:
            return new
        old = read(self.root / new.name / current)
        if (old.licence, old.coverage) != (new.licence, new.coverage):
            raise InputError(
                f"data set {new.name!r} has licence {old.licence} and coverage {old.coverage or 'none'}; "
                f"this file has {new.licence} and {new.coverage or 'none'}",
                remedy="load it under another name with --as NAME",
            )
        brought = {(file.table, file.year) for file in new.files}
        kept = [file for file in old.files if (file.table, file.year) not in brought]
        for file in kept:
            target = whole / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(old.folder / file.path, target)  # versions never change, so they may share files
            except OSError as error:
                if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV}:
                    raise
                shutil.copyfile(old.folder / file.path, target)
        left_out = {
            key: old.left_out.get(key, 0) + new.left_out.get(key, 0) for key in {**old.left_out, **new.left_out}
        }
        version = old.version if new.version == old.version else f"{old.version}+{new.version}"
        return replace(
            new,
            version=version,
            files=tuple(sorted((*new.files, *kept), key=lambda file: file.path)),
            rows_read=old.rows_read + new.rows_read,
            rows_kept=old.rows_kept + new.rows_kept,
            left_out=left_out,
            caveats=tuple(dict.fromkeys((*old.caveats, *new.caveats))),
            inputs=tuple({str(entry["sha256"]): entry for entry in (*old.inputs, *new.inputs)}.values()),
        )

    def _install(self, dataset: Dataset, whole: Path, stage: Path) -> Dataset:
        """Make the stage a version and point to it; the caller holds the lock of the data set."""
        folder = self.root / dataset.name
        dataset = replace(dataset, id=f"{_slug(dataset.version)}-{dataset.content_hash()[:16]}")
        target = folder / dataset.id
        text = json.dumps(dataset.descriptor(), ensure_ascii=False, indent=2) + "\n"
        (whole / DESCRIPTOR).write_text(text, "utf-8")
        staging.sync_tree(whole)
        if target.exists() and not integrity.sound(target):
            target.rename(stage / "replaced")  # the same version was damaged since; it goes with the stage
        if not target.exists():
            whole.rename(target)
            staging.sync(folder)
        self._point(folder, dataset.id, stage)
        return read(target)

    def _point(self, folder: Path, version: str, stage: Path) -> None:
        pointer = stage / POINTER
        stated = {"version": version, "descriptor_sha256": sha256_file(folder / version / DESCRIPTOR)}
        pointer.write_text(json.dumps(stated) + "\n", "utf-8")
        staging.sync(pointer)
        pointer.replace(folder / POINTER)
        staging.sync(folder)

    def verify(self, name: str | None = None) -> tuple[Dataset, ...]:
        """Compute every hash again, of one data set or of all, and return what was found sound.

        Raises
        ------
        IntegrityError
            Naming the first file that is absent, altered, or that no descriptor vouches for.
        NotFoundError
            If there is no data set of that name.
        """
        found = (self.open(name),) if name is not None else self.list()
        with staging.machine_faults(self.root):
            for dataset in found:
                integrity.check(dataset, self._pointer(self.root / dataset.name)["descriptor_sha256"])
        return found

    def _folder(self, name: str) -> Path:
        if not _NAME.fullmatch(name) or ".." in name:
            raise InputError(
                f"{name!r} cannot name a data set",
                remedy="use lower-case letters, digits, '.', '_' and '-', for example baci-hs22",
            )
        return self.root / name

    def _current(self, folder: Path) -> str | None:
        return self._pointer(folder).get("version")

    def _pointer(self, folder: Path) -> dict[str, str]:
        """Return what the pointer states, nothing where there is none."""
        try:
            stated = json.loads((folder / POINTER).read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError:
            with staging.machine_faults(folder):
                raise
        except ValueError:
            stated = None
        if not _is_pointer(stated):
            raise IntegrityError(
                "the pointer of this data set is damaged", where=str(folder / POINTER), remedy="add the data set again"
            )
        found: dict[str, str] = stated
        return found


def _is_pointer(stated: Any) -> bool:
    if not isinstance(stated, dict) or stated.keys() != {"version", "descriptor_sha256"}:
        return False
    if not all(isinstance(value, str) for value in stated.values()):
        return False
    version = stated["version"]
    return not ("/" in version or "\\" in version or version.startswith("."))


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:40] or "version"
