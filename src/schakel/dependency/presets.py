"""What does each published definition demand, as data?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from schakel.errors import InputError, NotFoundError
from schakel.nomenclature import blocs, countries

CRITERIA = (
    "extra_bloc_hhi",
    "partner_hhi",
    "extra_bloc_import_share",
    "import_export_ratio",
    "world_export_hhi",
    "top_supplier_share",
    "centrality",
    "spof",
    "persistent_years",
    "import_value",
)
ELEMENTS = ("universe", "treatment", "base", "mean_years")
_MAX_TOML = 100_000


@dataclass(frozen=True, slots=True)
class Criterion:
    """One test of a definition.

    Attributes
    ----------
    op
        ``>`` or ``>=``; the criterion passes when the value stands so to the threshold.
    threshold
        Exact rational; None when the source's cut was not read, or when `of` sets it.
    of, times
        The threshold is `times` the value of criterion `of` in the same row.
    imports
        For import_export_ratio: "extra" (imports from outside the bloc) or "all".
    zero_exports
        Value of the ratio where nothing is exported; None means infinite.
    partner
        For top_supplier_share: the share of this supplier (alpha-3) instead of the largest.
    window
        For persistent_years: length in years, this year included.
    currency, domestic_use
        For import_value.
    """

    name: str
    op: str
    threshold: Fraction | None
    formula: str
    status: str
    of: str = ""
    times: Fraction | None = None
    imports: str = "extra"
    zero_exports: float | None = None
    partner: str = ""
    window: int = 3
    currency: str = ""
    domestic_use: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """A published (or user-written) definition of import dependence.

    Attributes
    ----------
    treatment
        "one" (the bloc is one country) or "members".
    base
        Concentration base of the top supplier: "extra" or "all".
    mean_years
        Values are means over this many years up to the year asked for.
    status
        For universe, treatment, base and mean_years: "verified" (read in the source) or "unverified"; each criterion has its own.
    """

    name: str
    title: str
    title_nl: str
    source: str
    url: str
    mark: str
    universe: str
    bloc: str
    treatment: str
    base: str
    summary: str
    summary_nl: str
    notes: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    mean_years: int = 1
    partner: str = ""
    status: tuple[tuple[str, str], ...] = ()

    def criterion(self, name: str) -> Criterion | None:
        """Return the criterion of that name, or None."""
        return next((c for c in self.criteria if c.name == name), None)

    @property
    def window(self) -> int:
        """Number of years, the last included, that the definition looks at."""
        persistent = self.criterion("persistent_years")
        return max(self.mean_years, persistent.window if persistent else 1)


@cache
def names() -> tuple[str, ...]:
    """Return the names of the presets that come with the program, in order of publication."""
    order = (
        "ec2021",
        "arjona2023",
        "geodep2024",
        "tresor2020",
        "merics2024",
        "oecd2024",
        "iw",
        "cbs2021",
        "bottleneck",
        "crma",
    )
    files = {
        p.name.removesuffix(".toml")
        for p in resources.files("schakel.dependency").joinpath("presets").iterdir()
        if p.name.endswith(".toml")
    }
    return (*(n for n in order if n in files), *sorted(files - set(order)))


@cache
def preset(name: str) -> Preset:
    """Return a preset by name, or read a user's own from a path that ends in ``.toml``.

    Raises
    ------
    NotFoundError
        If there is no such preset or file.
    InputError
        If a user's file is not a definition.
    """
    if name in names():
        return parse(
            tomllib.loads(resources.files("schakel.dependency").joinpath("presets", f"{name}.toml").read_text("utf-8")),
            where=name,
        )
    path = Path(name)
    if path.suffix == ".toml":
        return read(path)
    raise NotFoundError(
        f"no definition called {name!r}",
        remedy=f"use one of {', '.join(names())}, or the path of a .toml file of your own",
    )


def read(path: Path) -> Preset:
    """Read a definition from a TOML file."""
    try:
        if path.stat().st_size > _MAX_TOML:
            raise InputError(
                "the definition is larger than 100 kB", where=str(path), remedy="a definition is a few dozen lines"
            )
        return parse(tomllib.loads(path.read_text("utf-8")), where=str(path))
    except OSError as error:
        raise NotFoundError(
            f"cannot read the definition: {error.strerror}",
            where=str(path),
            remedy="check the path and its permissions",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"not a TOML file: {error}", where=str(path), remedy="see docs/methods.md for the shape of a definition"
        ) from None


def parse(data: Mapping[str, Any], *, where: str) -> Preset:
    """Turn a TOML document into a Preset.

    Raises
    ------
    InputError
        If a key is missing, unknown or of the wrong kind; the message names it.
    """
    data = dict(data)
    raw = data.pop("criterion", None)
    if not isinstance(raw, list) or not raw:
        raise InputError("the definition has no criterion", where=where, remedy="add at least one [[criterion]] table")
    fields: dict[str, Any] = {
        "title": data.get("name", ""),
        "title_nl": data.get("title", data.get("name", "")),
        "source": "user-defined",
        "url": "",
        "mark": "user-defined",
        "universe": "HS6",
        "bloc": "EU27",
        "treatment": "one",
        "base": "extra",
        "summary": "",
        "summary_nl": data.get("summary", ""),
        "notes": (),
        "mean_years": 1,
        "partner": "",
        "status": {},
    }
    unknown = set(data) - set(fields) - {"name"}
    if unknown or "name" not in data:
        wrong = f"unknown key {sorted(unknown)[0]!r}" if unknown else "no name"
        raise InputError(
            f"the definition has {wrong}", where=where, remedy=f"keys are name, {', '.join(fields)} and [[criterion]]"
        )
    fields.update(data)
    fields["notes"] = tuple(fields["notes"])
    fields["status"] = _status(fields["status"], where)
    if not isinstance(fields["bloc"], str) or not blocs.is_bloc(fields["bloc"]):
        raise InputError(
            f"no bloc {fields['bloc']!r}", where=where, remedy=f"bloc is one of {', '.join(blocs.names())}"
        )
    if fields["treatment"] not in ("one", "members") or fields["base"] not in ("extra", "all"):
        raise InputError(
            "treatment is 'one' or 'members', base is 'extra' or 'all'", where=where, remedy="correct the definition"
        )
    mean_years = fields["mean_years"]
    if not isinstance(mean_years, int) or isinstance(mean_years, bool) or not 1 <= mean_years <= 30:
        raise InputError("mean_years is a whole number from 1 to 30", where=where, remedy="correct the definition")
    criteria = tuple(_criterion(item, where) for item in raw)
    listed = [c.name for c in criteria]
    if len(set(listed)) != len(listed):
        raise InputError("a criterion is named twice", where=where, remedy="name each criterion once")
    return Preset(criteria=criteria, **fields)


def _status(given: Any, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, dict) or set(given) - set(ELEMENTS) or set(given.values()) - {"verified", "unverified"}:
        raise InputError(
            "[status] does not say verified or unverified of an element",
            where=where,
            remedy=f"elements are {', '.join(ELEMENTS)}",
        )
    return tuple((name, given[name]) for name in ELEMENTS if name in given)


def _criterion(item: Any, where: str) -> Criterion:
    allowed = set(Criterion.__dataclass_fields__)
    if not isinstance(item, dict) or item.get("name") not in CRITERIA:
        raise InputError(
            f"unknown criterion {item.get('name') if isinstance(item, dict) else item!r}",
            where=where,
            remedy=f"use one of {', '.join(CRITERIA)}",
        )
    unknown = set(item) - allowed
    place = f"{where}, criterion {item['name']}"
    if unknown:
        raise InputError(
            f"unknown key {sorted(unknown)[0]!r}", where=place, remedy=f"keys are {', '.join(sorted(allowed))}"
        )
    if item.get("op", ">") not in (">", ">="):
        raise InputError(f"op {item['op']!r} is not a comparison", where=place, remedy="use '>' or '>='")
    for key, choices in (("imports", ("extra", "all")), ("currency", ("", "USD", "EUR"))):
        if item.get(key, choices[0]) not in choices:
            raise InputError(
                f"{key} {item[key]!r} is not known",
                where=place,
                remedy=f"use one of {', '.join(filter(None, choices))}",
            )
    if "partner" in item:
        item = {**item, "partner": countries.resolve(str(item["partner"])).iso3}
    of = item.get("of", "")
    if of not in ("", "world_export_hhi"):
        raise InputError(
            f"a threshold cannot follow {of!r}",
            where=place,
            remedy="of = 'world_export_hhi' is the only relative threshold",
        )
    try:
        threshold = Fraction(str(item["threshold"])) if "threshold" in item else None
        times = Fraction(str(item["times"])) if "times" in item else None
        zero = float(item["zero_exports"]) if "zero_exports" in item else None
    except (ValueError, ZeroDivisionError):
        raise InputError(
            "a threshold is not a number", where=place, remedy='write it as text, for example threshold = "0.4"'
        ) from None
    if of and times is None:
        raise InputError("a relative threshold needs `times`", where=place, remedy='add times = "2"')
    window = item.get("window", 3)
    if not isinstance(window, int) or isinstance(window, bool) or not 1 <= window <= 30:
        raise InputError("window is a whole number from 1 to 30", where=place, remedy="correct the definition")
    return Criterion(
        name=item["name"],
        op=item.get("op", ">"),
        threshold=threshold,
        formula=item.get("formula", ""),
        status=item.get("status", "user-defined"),
        of=of,
        times=times,
        imports=item.get("imports", "extra"),
        zero_exports=zero,
        partner=item.get("partner", ""),
        window=window,
        currency=item.get("currency", ""),
        domestic_use=bool(item.get("domestic_use", False)),
    )
