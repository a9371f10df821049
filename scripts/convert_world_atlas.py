"""How do the country outlines get into the package? Run once by hand; the outcome is kept.

    npm pack world-atlas && tar xzf world-atlas-2.0.2.tgz
    python scripts/convert_world_atlas.py package src/schakel/charts/world.json

Only the standard library is used. See scripts/README.md for the projection and for what is done with disputed areas.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

CENTRE = 11.0  # degrees east: the map's seam then runs through the Bering Strait and cuts no country of size
SOUTH, NORTH = -56.0, 83.7
WIDTH = 2000
SMALL_KM2 = 50_000  # below this a country also gets a dot
EARTH_KM = 6371.0072
UNITED = {"N. Cyprus": "CYP", "Somaliland": "SOM", "Kosovo": "XKX"}
CRIMEA = (34.3, 45.2)
ISO = """
004AFG 008ALB 010ATA 012DZA 016ASM 020AND 024AGO 028ATG 031AZE 032ARG 036AUS 040AUT 044BHS 048BHR 050BGD 051ARM 052BRB
056BEL 060BMU 064BTN 068BOL 070BIH 072BWA 076BRA 084BLZ 086IOT 090SLB 092VGB 096BRN 100BGR 104MMR 108BDI 112BLR 116KHM
120CMR 124CAN 132CPV 136CYM 140CAF 144LKA 148TCD 152CHL 156CHN 158TWN 170COL 174COM 178COG 180COD 184COK 188CRI 191HRV
192CUB 196CYP 203CZE 204BEN 208DNK 212DMA 214DOM 218ECU 222SLV 226GNQ 231ETH 232ERI 233EST 234FRO 238FLK 239SGS 242FJI
246FIN 248ALA 250FRA 258PYF 260ATF 262DJI 266GAB 268GEO 270GMB 275PSE 276DEU 288GHA 296KIR 300GRC 304GRL 308GRD 316GUM
320GTM 324GIN 328GUY 332HTI 334HMD 336VAT 340HND 344HKG 348HUN 352ISL 356IND 360IDN 364IRN 368IRQ 372IRL 376ISR 380ITA
384CIV 388JAM 392JPN 398KAZ 400JOR 404KEN 408PRK 410KOR 414KWT 417KGZ 418LAO 422LBN 426LSO 428LVA 430LBR 434LBY 438LIE
440LTU 442LUX 446MAC 450MDG 454MWI 458MYS 462MDV 466MLI 470MLT 478MRT 480MUS 484MEX 492MCO 496MNG 498MDA 499MNE 500MSR
504MAR 508MOZ 512OMN 516NAM 520NRU 524NPL 528NLD 531CUW 533ABW 534SXM 540NCL 548VUT 554NZL 558NIC 562NER 566NGA 570NIU
574NFK 578NOR 580MNP 583FSM 584MHL 585PLW 586PAK 591PAN 598PNG 600PRY 604PER 608PHL 612PCN 616POL 620PRT 624GNB 626TLS
630PRI 634QAT 642ROU 643RUS 646RWA 652BLM 654SHN 659KNA 660AIA 662LCA 663MAF 666SPM 670VCT 674SMR 678STP 682SAU 686SEN
688SRB 690SYC 694SLE 702SGP 703SVK 704VNM 705SVN 706SOM 710ZAF 716ZWE 724ESP 728SSD 729SDN 732ESH 740SUR 748SWZ 752SWE
756CHE 760SYR 762TJK 764THA 768TGO 776TON 780TTO 784ARE 788TUN 792TUR 795TKM 796TCA 800UGA 804UKR 807MKD 818EGY 826GBR
831GGY 832JEY 833IMN 834TZA 840USA 850VIR 854BFA 858URY 860UZB 862VEN 876WLF 882WSM 887YEM 894ZMB
"""
Ring = list[tuple[float, float]]


def equal_earth(lon: float, lat: float) -> tuple[float, float]:
    """Project degrees to the unit sphere's Equal Earth plane (Savric, Patterson, Jenny 2018, equations 1 and 2)."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(t) / (3 * slope)
    return x, a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t


def arcs(topology: dict) -> list[Ring]:
    """Decode the delta-coded, quantised arcs of a TopoJSON file."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        decoded.append(points)
    return decoded


def polygons(topology: dict) -> Iterator[tuple[str, list[list[Ring]]]]:
    """Yield (alpha-3, polygons as lists of rings in degrees) for each country with a code of ours."""
    lines = arcs(topology)
    codes = {word[:3]: word[3:] for word in ISO.split()}

    def ring(indices: list[int]) -> Ring:
        points: Ring = []
        for index in indices:
            line = lines[index] if index >= 0 else lines[~index][::-1]
            points += line[1:] if points else line
        return points

    for shape in topology["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id", "")) or UNITED.get(shape["properties"]["name"])
        if not code or "arcs" not in shape:
            continue
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        yield code, [[ring(indices) for indices in part] for part in parts]


def unwrap(ring: Ring) -> Ring:
    """Shift longitudes by whole turns so that no step is longer than half a turn, measured from the map's centre."""
    out: Ring = []
    turn = 0.0
    for lon, lat in ring:
        lon += turn - CENTRE
        if out and abs(lon - out[-1][0]) > 180:
            step = -360.0 if lon > out[-1][0] else 360.0
            turn, lon = turn + step, lon + step
        out.append((lon, lat))
    return out


def clip(ring: Ring, axis: int, limit: float, keep_above: bool) -> Ring:
    """Cut a ring at one line of longitude or latitude (Sutherland and Hodgman 1974)."""

    def inside(point: tuple[float, float]) -> bool:
        return point[axis] >= limit if keep_above else point[axis] <= limit

    out: Ring = []
    for before, here in zip([ring[-1], *ring[:-1]], ring, strict=True) if ring else ():
        if inside(before) != inside(here):
            share = (limit - before[axis]) / (here[axis] - before[axis])
            out.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
        if inside(here):
            out.append(here)
    return out


def pieces(ring: Ring) -> Iterator[Ring]:
    """Yield the parts of a ring that fall on the map."""
    whole = unwrap(ring)
    for shift in (-360.0, 0.0, 360.0):
        part = [(lon + shift, lat) for lon, lat in whole]
        for axis, limit, above in ((0, -180.0, True), (0, 180.0, False), (1, SOUTH, True), (1, NORTH, False)):
            part = clip(part, axis, limit, above)
        if len(part) > 2:
            yield [equal_earth(lon, lat) for lon, lat in part]


def area(ring: Ring) -> float:
    """Return the signed area; the projection keeps areas, so this times the earth's radius squared is in km2."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def middle(ring: Ring) -> tuple[float, float]:
    """Return the centroid of a ring."""
    size = area(ring)
    x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        x, y = x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return x / (6 * size), y / (6 * size)


def contains(ring: Ring, point: tuple[float, float]) -> bool:
    """Tell whether a point lies inside a ring of degrees."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def collect(topology: dict) -> dict[str, list[Ring]]:
    """Return projected rings by country, with Crimea drawn with Ukraine (UN General Assembly resolution 68/262)."""
    out: dict[str, list[Ring]] = {}
    for code, parts in polygons(topology):
        for part in parts:
            owner = "UKR" if code == "RUS" and contains(part[0], CRIMEA) and len(part[0]) < 100 else code
            for ring in part:
                out.setdefault(owner, []).extend(pieces(ring))
    return out


def main(folder: Path, target: Path) -> None:
    """Read the two TopoJSON files and write world.json."""
    raw = {name: (folder / f"countries-{name}.json").read_bytes() for name in ("110m", "50m")}
    coarse, fine = (collect(json.loads(raw[name])) for name in ("110m", "50m"))
    half = equal_earth(180, 0)[0]
    top, bottom = equal_earth(0, NORTH)[1], equal_earth(0, SOUTH)[1]
    scale = WIDTH / (2 * half)
    height = math.ceil((top - bottom) * scale)

    def place(x: float, y: float) -> tuple[int, int]:
        return round((x + half) * scale), round((top - y) * scale)

    def path(rings: list[Ring]) -> str:
        text = ""
        for ring in rings:
            points = [place(*point) for point in ring]
            points = [p for before, p in zip([(-1, -1), *points], points, strict=False) if p != before]
            if len(set(points)) < 3:
                continue
            (x, y), rest = points[0], points[1:]
            text += f"M{x} {y}l"
            steps = []
            for nx, ny in rest if rest[-1] != points[0] else rest[:-1]:
                steps.append(f"{nx - x} {ny - y}")
                x, y = nx, ny
            text += " ".join(steps).replace(" -", "-") + "z"
        return text

    shapes = {code: path(rings) for code, rings in sorted(coarse.items()) if code != "ATA"}
    shapes = {code: text for code, text in shapes.items() if text}
    km2 = {code: sum(abs(area(ring)) for ring in rings) * EARTH_KM**2 for code, rings in fine.items()}
    dots = {
        code: list(place(*middle(max(rings, key=lambda ring: abs(area(ring))))))
        for code, rings in sorted(fine.items())
        if rings and code != "ATA" and (code not in shapes or km2[code] < SMALL_KM2)
    }
    world = {
        "title": "Country outlines, Natural Earth 1:110m version 4.1, by way of npm world-atlas 2.0.2",
        "source": "https://www.naturalearthdata.com/downloads/110m-cultural-vectors/110m-admin-0-countries/",
        "licence": "Natural Earth: public domain. world-atlas: ISC, Copyright 2013-2019 Michael Bostock.",
        "note": "Boundaries are not a position. Made by scripts/convert_world_atlas.py; see scripts/README.md.",
        "projection": f"Equal Earth, centre {CENTRE:g} degrees east, {SOUTH:g} to {NORTH:g} degrees latitude",
        "inputs": {f"countries-{name}.json": hashlib.sha256(data).hexdigest() for name, data in raw.items()},
        "width": WIDTH,
        "height": height,
        "dots": dots,
        "shapes": shapes,
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in world.items() if key not in ("dots", "shapes")]
    for key in ("dots", "shapes"):
        rows = ",\n".join(f"{json.dumps(c)}:{json.dumps(v, separators=(',', ':'))}" for c, v in world[key].items())
        lines.append(f'"{key}": {{\n{rows}\n}}')
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(
        f"{target.name}: {target.stat().st_size:,} bytes, {len(shapes)} outlines, {len(dots)} dots, {WIDTH} x {height}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
