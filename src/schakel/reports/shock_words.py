"""How does a scenario read as sentences, in Dutch or English: who withholds what from whom, when, and what stands against it?"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from schakel.charts.numbers import money, percent
from schakel.charts.numbers import number as plain
from schakel.errors import SchakelError
from schakel.nomenclature import countries
from schakel.reports.shock_texts import PHRASES
from schakel.reports.words import localised, long_date
from schakel.shocks.dist import Number, number

LENS = {
    "floor": {"en": "floor", "nl": "vloer"},
    "centre": {"en": "centre", "nl": "midden"},
    "ceiling": {"en": "ceiling", "nl": "plafond"},
    "long_run": {"en": "long run", "nl": "lange termijn"},
}
LENS_MEANS = {
    "floor": {
        "en": "best possible allocation: a planner who knows everything moves what is left to where it saves most",
        "nl": "best mogelijke verdeling: een planner die alles weet brengt wat over is waar het het meest redt",
    },
    "centre": {
        "en": "stocks, orders, delays and rerouting, step by step",
        "nl": "voorraden, orders, vertraging en omleiding, stap voor stap",
    },
    "ceiling": {
        "en": "rigid cascade: nothing is replaced or moved",
        "nl": "starre doorwerking: niets wordt vervangen of verplaatst",
    },
    "long_run": {
        "en": "trade has adjusted at new prices, a restriction as lasting costs",
        "nl": "de handel heeft zich aangepast aan nieuwe prijzen, een beperking als blijvende kosten",
    },
}
WORLD = {"table": {"en": "table", "nl": "tabel"}, "graph": {"en": "chain", "nl": "keten"}}
MARK = {
    "read": {"en": "read", "nl": "gelezen"},
    "second-hand": {"en": "second-hand", "nl": "uit tweede hand"},
    "recalled": {"en": "recalled, not read", "nl": "uit het geheugen, niet gelezen"},
    "derived": {"en": "computed by us", "nl": "door ons berekend"},
}
INSTRUMENT = {
    "export_ban": {"en": "Export ban", "nl": "Uitvoerverbod"},
    "import_ban": {"en": "Import ban", "nl": "Invoerverbod"},
    "quota": {"en": "Quota", "nl": "Quotum"},
    "licence": {"en": "Licence required", "nl": "Vergunningplicht"},
    "tariff": {"en": "Tariff", "nl": "Heffing"},
    "capacity_loss": {"en": "Loss of capacity", "nl": "Verlies van capaciteit"},
    "seizure": {"en": "Seizure", "nl": "Inbeslagname"},
    "route_closure": {"en": "Closed route", "nl": "Afgesloten route"},
    "service_denial": {"en": "Denial of service", "nl": "Weigering van diensten"},
    "investment_stop": {"en": "Investment stop", "nl": "Investeringsstop"},
}
KIND = {
    "stock": {"en": "Stock", "nl": "Voorraad"},
    "second_source": {"en": "Second source", "nl": "Tweede leverancier"},
    "recycling": {"en": "Recycling", "nl": "Recycling"},
    "substitute": {"en": "Substitution", "nl": "Vervanging"},
    "priority_orders": {"en": "Priority orders", "nl": "Voorrang voor orders"},
    "common_purchasing": {"en": "Common purchasing", "nl": "Gezamenlijk inkopen"},
}
SECTOR = {
    "agriculture": {"en": "agriculture", "nl": "landbouw"},
    "mining": {"en": "mining", "nl": "delfstoffen"},
    "food": {"en": "food", "nl": "voeding"},
    "textiles_wood_paper": {"en": "textiles/wood/paper", "nl": "textiel/hout/papier"},
    "fuels": {"en": "fuels", "nl": "brandstoffen"},
    "chemicals": {"en": "chemicals", "nl": "chemie"},
    "metals_minerals": {"en": "metals and minerals", "nl": "metaal en mineralen"},
    "machinery": {"en": "machinery", "nl": "machines"},
    "electronics": {"en": "electronics", "nl": "elektronica"},
    "vehicles": {"en": "vehicles", "nl": "voertuigen"},
    "other_manufacturing": {"en": "other manufacturing", "nl": "overige industrie"},
    "utilities": {"en": "utilities", "nl": "nutsbedrijven"},
    "construction": {"en": "construction", "nl": "bouw"},
    "trade_transport": {"en": "trade and transport", "nl": "handel en vervoer"},
    "services": {"en": "services", "nl": "diensten"},
}
_REGION = {
    "ROW": {"en": "rest of the world", "nl": "rest van de wereld"},
    "EU_REST": {"en": "other EU countries", "nl": "overige EU-landen"},
    "OTH": {"en": "nobody named", "nl": "niemand genoemd"},
    "WORLD": {"en": "the world", "nl": "de wereld"},
}


class Telling:
    """Words for one scenario: its content, its groups and the names of its products.

    Parameters
    ----------
    content
        The content of the scenario file.
    steps
        Names of steps of its chain by id, each ``{"en": ..., "nl": ...}``.
    """

    def __init__(self, content: Mapping[str, Any], lang: str, steps: Mapping[str, Mapping[str, str]] | None = None):
        self.content, self.lang, self.steps = content, lang, steps or {}

    def t(self, key: str, *values: object) -> str:
        """Return a fixed phrase with its values."""
        return localised(PHRASES[key], self.lang).format(*values)

    def title(self) -> str:
        """Return the title in the reader's language, or in English."""
        title = self.content["title"]
        return str(title.get(self.lang) or title["en"])

    def note(self) -> str:
        """Return the author's note; empty when there is none."""
        note = self.content.get("note") or {}
        return str(note.get(self.lang) or note.get("en") or "").strip()

    def product(self, name: str) -> str:
        """Return the name of a product: a sector, a step of the chain, or a code."""
        kind, _, rest = name.rpartition(":")
        if kind == "hs6":
            return f"HS {rest}"
        if rest in self.steps and (kind != "sector"):
            return self.steps[rest][self.lang]
        return localised(SECTOR[rest], self.lang) if rest in SECTOR else rest.replace("_", " ")

    def who(self, value: Any) -> str:
        """Return countries, blocs and groups by name; a group with its members."""
        return ", ".join(self._one(str(v)) for v in ([value] if isinstance(value, str) else value))

    def _one(self, name: str) -> str:
        groups = self.content.get("groups") or {}
        if name in groups:
            members = [groups[name]] if isinstance(groups[name], str) else groups[name]
            return f"{name} ({', '.join(self._one(m) for m in members if m != name)})"
        if name.casefold() in ("world", "all", "*"):
            return localised(_REGION["WORLD"], self.lang)
        return region(name.removeprefix("@"), self.lang)

    def products(self, names: Iterable[str]) -> str:
        """Return names of products, commas between."""
        return ", ".join(self.product(n) for n in names)

    def amount(self, value: Any, kind: str = "days") -> str:
        """Return a number or a distribution in words.

        Parameters
        ----------
        kind
            ``days`` or ``share``.
        """
        low, high = (0.0, 1.0) if kind == "share" else (0.0, float("inf"))
        return self._range(number(value, low, high), self._share if kind == "share" else self._plain)

    def _range(self, n: Number, say: Callable[[float], str]) -> str:
        p = dict(n.parameters)
        if not n.uncertain:
            return say(n.point)
        if n.kind == "uniform":
            return self.t("between", say(p["low"]), say(p["high"]))
        if n.kind == "triangular":
            return self.t("mode", say(p["low"]), say(p["high"]), say(p["mode"]))
        low, middle, high = n.at(0.05), n.at(0.5), n.at(0.95)
        return self.t("about", say(float(middle)), say(float(low)), say(float(high)))

    def _plain(self, value: float) -> str:
        return plain(value, self.lang, 0 if value == int(value) or value >= 10 else 1)

    def _share(self, value: float) -> str:
        """Write a share as the author did: no digits that say nothing."""
        digits = next((d for d in range(4) if abs(round(value * 100, d) - value * 100) < 0.005 * value * 100), 4)
        return percent(value, self.lang, digits)

    def measures(self) -> list[str]:
        """Return one sentence a measure."""
        return [self._measure(m) for m in self.content.get("measures") or []]

    def _measure(self, m: Mapping[str, Any]) -> str:
        start = datetime.date.fromisoformat(self.content["time"]["start"])
        head = [localised(INSTRUMENT[m["instrument"]], self.lang)]
        head += [self.t("by", self.who(m["imposer"]))] if "imposer" in m else []
        origin = m.get("from") or {}
        for key in ("site", "owner", "control"):
            if str(origin.get(key, "world")).casefold() != "world":
                head.append(self.t("plants" if key == "site" else key, self.who(origin[key])))
        head += [self.t("actor", self.who(origin["actor"]))] if "actor" in origin else []
        head += [self.t("to", self.who(m["to"]))] if "to" in m else []
        body = [self.products(m["products"])]
        body += [self.t("uses", self.products(m["uses"]))] if "uses" in m else []
        kind = "rate" if m["instrument"] == "tariff" else "cut"
        body.append(self.t(kind, self.amount(m.get("intensity", 1.0), "share")))
        begin = number(m["start"], 0.0, float("inf"))
        day = start + datetime.timedelta(days=min(int(begin.point), 36_500))
        if begin.uncertain:
            when = self.t("starts", self.amount(m["start"]))
        else:
            when = self.t("start", self._plain(begin.point), long_date(day.isoformat(), self.lang))
        if "duration" in m:
            when += " " + self.t("lasting", self.amount(m["duration"]))
        else:
            when += " " + (self.t("end", self.amount(m["end"])) if "end" in m else self.t("open"))
        body.append(when)
        body += [self.t(word, self.amount(m[key])) for key, word in (("phase_in", "phase"), ("recovery", "recovery")) if key in m]  # fmt: skip
        if licence := m.get("licence"):
            body.append(" ".join([self.t("granted", self.amount(licence["approval_share"], "share")), *self._after(licence)]))  # fmt: skip
        if leak := m.get("leakage"):
            via = [self.t("via", self.who(leak["via"]))] if "via" in leak else []
            said = " ".join([self.t("leak", self.amount(leak["share"], "share")), *via, *self._after(leak)])
            dear = [self.t("dearer", self._markup(leak["price_markup"]))] if "price_markup" in leak else []
            body.append(", ".join([said, *dear]))
        if answer := m.get("retaliation"):
            said = self.t("answer", answer["measure"], self.amount(answer["after_days"]))
            said += " " + self.t("who", self.who(answer["by"])) if "by" in answer else ""
            chance = [self.t("likely", self.amount(answer["probability"], "share"))] if "probability" in answer else []
            body.append(", ".join([said, *chance]))
        return f"{m['id']}: {' '.join(head)}: {'; '.join(body)}."

    def _markup(self, value: Any) -> str:
        return self._range(number(value, 0.0, float("inf")), self._share)

    def _after(self, part: Mapping[str, Any]) -> list[str]:
        return [self.t("after", self.amount(part["delay_days"]))] if "delay_days" in part else []

    def mitigations(self) -> list[str]:
        """Return one sentence a mitigation."""
        return [self._mitigation(m, i) for i, m in enumerate(self.content.get("mitigations") or [])]

    def _mitigation(self, m: Mapping[str, Any], at: int) -> str:
        kind, body = m["kind"], []
        if kind == "stock":
            body = [self.t("held", self.amount(m["days"]), self.products(m["products"]))]
            body += [self.t("holder", self.who(m["owner"]))] if "owner" in m else []
            body += [self.t("released")] if m.get("release") == "priority" else []
        elif kind == "second_source":
            body = [
                self.t("grow", self.amount(m["capacity"], "share"), self.product(m["product"]), self.who(m["site"]))
            ]
            body += [self.t(w, self.amount(m[k])) for k, w in (("qualify_days", "qualify"), ("ramp_tau", "ramp")) if k in m]  # fmt: skip
        elif kind == "recycling":
            body = [self.t("again", self.amount(m["yield"], "share"), self.product(m["product"]))]
            body += [self.t("plants", self.who(m["site"]))] if "site" in m else []
            body += [self.t("after", self.amount(m["start"]))] if "start" in m else []
        elif kind == "substitute":
            body = [self.t("instead", self.product(m["from"]), self.product(m["to"]))]
            body += [self.t("after", self.amount(m["switch_days"]))] if "switch_days" in m else []
        elif kind == "priority_orders":
            body = [self.t("first", self.products(m["sectors"]))]
        else:
            body = [self.t("together", self.who(m["members"]))]
            body += [self.t("of_goods", self.products(m["products"]))] if "products" in m else []
        for key, currency in (("cost_usd", "USD"), ("cost_eur", "EUR")):
            if key in m:
                say = partial(money, currency=currency, lang=self.lang)
                body.append(self.t("cost", self._range(number(m[key], 0.0, float("inf")), say)))
        return f"{m.get('id') or at + 1}: {localised(KIND[kind], self.lang)}: {'; '.join(body)}."

    def stocks(self) -> list[str]:
        """Return one sentence a stock that users hold when it begins, with where the figure is from."""
        out = []
        for s in self.content.get("stocks") or []:
            said = self.t("held", self.amount(s["days"]), self.products(s["products"]))
            holder = f", {self.t('holder', self.who(s['owner']))}" if "owner" in s else ""
            source = f" ({s['source']}; {localised(MARK[s['mark']], self.lang)})" if s.get("source") and s.get("mark") else ""  # fmt: skip
            out.append(f"{said}{holder}{source}")
        return out


def region(code: str, lang: str) -> str:
    """Return the name of a region of a table or a chain; a code nobody knows stays as it is."""
    if code in _REGION:
        return localised(_REGION[code], lang)
    try:
        return countries.name(code, lang)
    except SchakelError:
        return code


def steps_of(content: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return names of the steps of a scenario's chain; nothing for a chain that is a folder or is not here."""
    from schakel.chains import open as chains
    from schakel.shocks import library

    name = str(content.get("graph") or "")
    try:
        if name.startswith(library.PREFIX):
            graph = chains.open_graph(str(library.chain(name.removeprefix(library.PREFIX))))
        elif name in ("reference", "materials"):
            graph = chains.open_graph(name)
        else:
            return {}
    except SchakelError:
        return {}
    return {s.id: {"en": s.name_en, "nl": s.name_nl} for s in graph.steps}


def listed(names: Sequence[str], lang: str, most: int = 6) -> str:
    """Return names with commas, the rest by number."""
    if len(names) <= most:
        return ", ".join(names)
    more = {"en": "and {0} more", "nl": "en nog {0}"}[lang].format(len(names) - most)
    return f"{', '.join(names[:most])} {more}"
