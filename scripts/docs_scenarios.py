"""Run the ready scenarios and write docs/scenarios.md and docs/nl/scenarios.md: the published figure beside our result.

    python scripts/docs_scenarios.py [--draws N]

Every number of a result comes from the run; nothing is typed in. Tolerances come from the scenario files.
"""

import argparse
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schakel.shocks import library, run, scenario

ROOT = Path(__file__).parents[1]
TEXT = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def word(lang: str, kind: str, key: str) -> str:
    """Return what a lens or a mark is called."""
    return str(TEXT[lang][kind][key])


def number(value: float, measure: str, lang: str) -> str:
    """Write one value of a measure."""
    if measure == "first_stop_day":
        out = f"{value:.0f}"
    elif measure == "loss_usd":
        out = f"{value / 1e9:.2f}"
    else:
        out = f"{100 * value:.2f}" if abs(value) < 0.1 else f"{100 * value:.1f}"
    return out.replace(".", ",") if lang == "nl" else out


def unit(measure: str, lang: str) -> str:
    """Return what stands behind a number."""
    return {"first_stop_day": "", "loss_usd": " billion USD" if lang == "en" else " miljard USD"}.get(measure, " %")


def spread(band: Mapping[str, Any] | None, measure: str, lang: str) -> str:
    """Write a median with its band."""
    if not band or band["median"] is None:
        return TEXT[lang]["nostop"] if measure == "first_stop_day" else TEXT[lang]["none"]
    mid, low, high = (number(band[k], measure, lang) for k in ("median", "p05", "p95"))
    return f"{mid}{unit(measure, lang)}" + (f" ({low} {'to' if lang == 'en' else 'tot'} {high})" if low != high else "")


def found(result: Mapping[str, Any], e: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the band that an expected figure is held against."""
    lens = result["lenses"].get(e["lens"])
    if lens is None or e["ours"] is None:
        return None
    if e["measure"] == "first_stop_day":
        return lens["stops"].get(e["product"]) if e.get("product") else lens["first_stop"]
    key = "loss_usd" if e["measure"] == "loss_usd" else "share"
    return (
        lens["by_region"][e["region"]][key]
        if e.get("region")
        else lens["loss_usd" if key == "loss_usd" else "loss_share"]
    )


def row(result: Mapping[str, Any], e: Mapping[str, Any], lang: str) -> str:
    """Return one line of the table of hits and misses."""
    words = TEXT[lang]
    measure = e["measure"]
    if measure == "first_stop_day" and e["low"] >= result["horizon_days"]:
        tolerance = words["reach"].format(result["horizon_days"])
    else:
        low, high = (number(e[k], measure, lang) for k in ("low", "high"))
        between = f"{low} {'to' if lang == 'en' else 'tot'} {high}{unit(measure, lang)}"
        tolerance = words["days"].format(between) if measure == "first_stop_day" else between
    verdict = {True: words["hit"], False: words["miss"], None: words["none"]}[e["met"]]
    where = e.get("region") or e.get("product") or words["world"]
    said = f"{(e.get('published_nl') if lang == 'nl' else '') or e['published']} ({e['source']}; {TEXT[lang]['mark'][e['mark']]})"
    name = result["scenario"]
    ours = spread(found(result, e), measure, lang)
    return (
        f"| [{name}](#{name}) | {said} | {where} | {tolerance} | {TEXT[lang]['lens'][e['lens']]} | {ours} | {verdict} |"
    )


def lens_rows(lenses: Mapping[str, Any], lang: str) -> list[str]:
    """Return a table of lenses."""
    words = TEXT[lang]
    out = [words["lenscols"], "|---|---|---|---|"]
    for name, lens in lenses.items():
        stop = spread(lens["first_stop"], "first_stop_day", lang) if name == "centre" else ""
        place = lens["first_stop"].get("where") if name == "centre" else None
        if place and lens["first_stop"]["median"] is not None:
            left = lens["first_stop"]["draws_without"]
            share = f", {lens['draws'] - left}/{lens['draws']}" if left else ""
            stop = f"{words['days'].format(stop)}: {place['product']}, {place['region']}{share}"
        money = spread(lens["loss_usd"], "loss_usd", lang) if lens["loss_usd"] else ""
        out.append(
            f"| {TEXT[lang]['lens'][name]} | {spread(lens['loss_share'], 'loss_share', lang)} | {money} | {stop} |"
        )
    return out


def section(s: scenario.Scenario, result: Mapping[str, Any], lang: str) -> list[str]:
    """Return what is said of one scenario."""
    words = TEXT[lang]
    out = [f"## {s.id}", "", f"**{s.content['title'][lang]}.** {' '.join(str(s.content['note'][lang]).split())}", ""]
    out += lens_rows(result["lenses"], lang)
    if "chain" in result:
        out += ["", f"{words['chain']}:", "", *lens_rows(result["chain"], lang)]
    for k, e in enumerate(result["expected"]):
        if e["met"] is False:
            reason = words["because"].get(f"{s.id}:{k}", words["unexplained"])
            where = e.get("region") or e.get("product") or words["world"]
            out += ["", f"{words['why']} ({where}, {TEXT[lang]['lens'][e['lens']]}): {reason}"]
    out += ["", f"{words['sources']}: " + "; ".join(source(x, lang) for x in s.content["sources"]) + "."]
    draws = next(iter(result["lenses"].values()))["draws"]
    return [*out, "", f"{words['hash']} `{s.sha256}`; {draws} {words['draws']}.", ""]


def source(x: Mapping[str, Any], lang: str) -> str:
    """Return one source with its mark."""
    title = f"[{x['title']}]({x['url']})" if x.get("url") else x["title"]
    return f"{title} ({TEXT[lang]['mark'][x['mark']]})"


def page(runs: list[tuple[scenario.Scenario, Mapping[str, Any]]], lang: str) -> str:
    """Return a page."""
    words = TEXT[lang]
    every = [e for _, r in runs for e in r["expected"]]
    hits, misses = (sum(e["met"] is x for e in every) for x in (True, False))
    lines = [
        words["head"],
        words["count"].format(hits=hits, misses=misses, all=len(every)),
        "",
        words["columns"],
        "|---|---|---|---|---|---|---|",
    ]
    lines += [row(r, e, lang) for _, r in runs for e in r["expected"]]
    lines += ["", words["changed"]]
    for s, r in runs:
        lines += section(s, r, lang)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=None, help="fewer draws, for a look")
    draws = parser.parse_args().draws
    runs = []
    for name in library.names():
        s = scenario.read(library.path(name))
        print(name, flush=True)
        runs.append((s, run.run(s, draws=draws)))
    for lang, path in (("en", ROOT / "docs" / "scenarios.md"), ("nl", ROOT / "docs" / "nl" / "scenarios.md")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(runs, lang), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
