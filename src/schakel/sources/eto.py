"""What stands in the chip value chain of the Emerging Technology Observatory (a folder of five CSV files, two schemas)?

The user fetches the folder; nothing of it is embedded (CC BY-NC 4.0). Its rows come out in the columns of a chain of one's
own: steps, inputs and positions. A link "is a type of" can be read as an alternative for its parent, or as needed
together with its sisters; the files do not say which, so the reader is told.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from schakel.errors import InputError, MachineError
from schakel.evidence import InputRef, Mark, Source, sha256_file
from schakel.sources.chainfile import Chain

READINGS = ("alternatives", "together")
FILES = ("inputs.csv", "stages.csv", "sequence.csv", "providers.csv", "provision.csv")
SOURCE = Source(
    id="eto-chips",
    title="Advanced Semiconductor Supply Chain Dataset",
    publisher="Emerging Technology Observatory, Center for Security and Emerging Technology",
    url="https://eto.tech/dataset-docs/chipexplorer",
    licence="CC-BY-NC-4.0",
    mark=Mark.READ,
)
_KIND = {
    "tool_resource": "capital",
    "material_resource": "flow",
    "process": "flow",
    "design_resource": "permission",
    "ultimate_output": "flow",
}
_LAYER = {
    "tool_resource": "tool",
    "material_resource": "material",
    "process": "process",
    "design_resource": "design",
    "ultimate_output": "end_use",
}
_NO_COUNTRY = frozenset({"Various", "Various countries"})
_NO_FIRM = frozenset({"Various companies", "Various"})
_SPELT = {"MAL": "MYS"}
_MOST_BYTES = 50_000_000

Row = dict[str, str]


def is_eto(folder: Path) -> bool:
    """Say whether a folder holds the five files."""
    if not all((folder / name).is_file() for name in FILES):
        return False
    with (folder / "sequence.csv").open(encoding="utf-8-sig", errors="replace") as handle:
        return "is_type_of_id" in handle.readline(10_000)


def _rows(folder: Path, name: str, *columns: str) -> list[Row]:
    path, where = folder / name, f"file {name}"
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("the file is larger than 50 MB", where=where, remedy="fetch it again")
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            lacking = [c for c in columns if c not in (reader.fieldnames or ())]
            if lacking:
                raise InputError(
                    f"column {lacking[0]!r} is missing", where=f"{where}, row 1", remedy="fetch the folder again"
                )
            return [{k: (v or "").strip() for k, v in row.items() if k} | {"": str(reader.line_num)} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read as CSV: {error}", where=where, remedy="fetch the folder again") from None
    except OSError as error:
        raise MachineError(
            f"cannot be read: {error.strerror}", where=where, remedy="check the path and permissions"
        ) from None


def read(folder: Path, reading: str = "alternatives") -> Chain:
    """Read the folder.

    Parameters
    ----------
    reading
        ``alternatives``: any one type will do for its parent. ``together``: the parent needs every type.

    Raises
    ------
    InputError, MachineError
        If a file lacks a column, names an id that no other file has, or a share is no percentage.
    """
    if reading not in READINGS:
        raise InputError(f"{reading!r} is no reading", remedy=f"use {' or '.join(READINGS)}")
    inputs = _rows(folder, "inputs.csv", "input_id", "input_name", "type", "stage_id")
    stages = _rows(folder, "stages.csv", "stage_id", "stage_name")
    sequence = _rows(folder, "sequence.csv", "input_id", "goes_into_id", "is_type_of_id")
    providers = _rows(folder, "providers.csv", "provider_id", "provider_name", "provider_type", "country")
    provision = _rows(folder, "provision.csv", "provider_id", "provided_id", "share_provided")
    types = {r["input_id"]: r["type"] for r in inputs} | {r["stage_id"]: "process" for r in stages}
    for row in inputs:
        if row["type"] not in _KIND:
            raise InputError(
                f"unknown type {row['type']!r}",
                where=f"file inputs.csv, row {row['']}",
                remedy="fetch the folder again",
            )
    steps = tuple(
        {"step": r["input_id"], "name_en": r["input_name"], "name_nl": "", "layer": _LAYER[r["type"]],
         "final": "true" if r["type"] == "ultimate_output" else "false", "source": SOURCE.id, "locator": f"inputs.csv {r['input_id']}"}
        for r in inputs
    ) + tuple(
        {"step": r["stage_id"], "name_en": f"{r['stage_name']} (stage)", "name_nl": "", "layer": "stage", "final": "false",
         "source": SOURCE.id, "locator": f"stages.csv {r['stage_id']}"}
        for r in stages
    )  # fmt: skip
    links = tuple(_link(row, types, reading) for row in sequence)
    names = {r["provider_id"]: r for r in providers}
    positions, left_out = [], {"holder-not-named": 0}
    odd: set[tuple[str, str]] = set()
    for row in provision:
        made, spelt = _position(row, names, types)
        if made is None:
            left_out["holder-not-named"] += 1
        else:
            positions.append(made)
        odd |= spelt
    notes = [
        "country shares of tools seem to follow the head office of the maker, not the plant",
        *(f"{code} is no country: {what}" for code, what in sorted(odd)),
    ]
    all_rows = (inputs, stages, sequence, providers, provision)
    return Chain(
        steps=steps,
        inputs=links,
        positions=tuple(positions),
        rows_read=sum(map(len, all_rows)),
        left_out={k: v for k, v in left_out.items() if v},
        notes=tuple(notes),
        files=tuple(InputRef(f"{folder.name}/{name}", sha256_file(folder / name), len(rows)) for name, rows in zip(FILES, all_rows, strict=True)),
        version="with years" if "year" in (provision[0] if provision else {}) else "2025-01 and before",
    )  # fmt: skip


def _link(row: Row, types: Mapping[str, str], reading: str) -> Row:
    parent = row["goes_into_id"] or row["is_type_of_id"]
    where = f"file sequence.csv, row {row['']}"
    if bool(row["goes_into_id"]) == bool(row["is_type_of_id"]):
        raise InputError(
            "a link must go into something or be a type of something", where=where, remedy="fetch the folder again"
        )
    for key in (row["input_id"], parent):
        if key not in types:
            raise InputError(f"{key!r} stands in no other file", where=where, remedy="fetch the folder again")
    as_type = bool(row["is_type_of_id"])
    together = as_type and reading == "together"
    return {
        "step": parent,
        "input": row["input_id"],
        "slot": ("type " + row["input_id"] if together else "type") if as_type else row["input_id"],
        "kind": _KIND[types[parent]] if as_type else _KIND[types[row["input_id"]]],
        "criticality": "critical",
        "relation": "type" if as_type else "",
        "source": SOURCE.id,
        "locator": f"sequence.csv, row {row['']}",
    }


def _position(
    row: Row, names: Mapping[str, Row], types: Mapping[str, str]
) -> tuple[Row | None, frozenset[tuple[str, str]]]:
    where = f"file provision.csv, row {row['']}"
    holder = names.get(row["provider_id"])
    if holder is None or row["provided_id"] not in types:
        key = row["provider_id"] if holder is None else row["provided_id"]
        raise InputError(f"{key!r} stands in no other file", where=where, remedy="fetch the folder again")
    name, country = holder["provider_name"], holder["country"]
    if name in _NO_COUNTRY | _NO_FIRM:
        return None, frozenset()
    firm = holder["provider_type"] == "organization"
    code = _SPELT.get(country if firm else name, country if firm else name)
    odd = frozenset({("EUR", "Europe as a whole, not split by member")}) if code == "EUR" else frozenset()
    if code in _NO_COUNTRY:
        code = ""
    share = _share(row["share_provided"], where)
    if firm and not code:
        odd |= {(name, "a firm without a country")}
    return {
        "step": row["provided_id"],
        "actor": name if firm else "",
        "plant": "" if firm else code,
        "owner": code if firm else "",
        "share_low": share,
        "share_high": share,
        "measure": "share of providers",
        "year": row.get("year", ""),
        "mark": "read",
        "source": SOURCE.id,
        "locator": f"provision.csv, row {row['']}",
    }, odd


def _share(text: str, where: str) -> str:
    bare = text.removesuffix("%").strip()
    if not bare:
        return ""
    try:
        value = float(bare)
    except ValueError:
        raise InputError(f"{text!r} is no percentage", where=where, remedy="fetch the folder again") from None
    if not 0 <= value <= 100:
        raise InputError(f"{text} is out of bounds", where=where, remedy="a percentage runs from 0 to 100")
    return repr(value / 100)
