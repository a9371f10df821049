"""Which industries of a table make a good with a six-digit code?

From headings (four digits of the Harmonized System) to divisions of NACE rev. 2 and ISIC rev. 4, which tables of the OECD and
of Eurostat use, and from there to the industries of WIOD 2013 and of the embedded table. The mapping is our own reading of
both classifications. A heading whose goods are made in several divisions names them all, and a restriction on it then reaches
all of them: a table cannot tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

# First heading, last heading, divisions of NACE rev. 2 (three digits where a table may show the group).
_HEADINGS: tuple[tuple[int, int, str], ...] = (
    (101, 106, "01"), (201, 210, "10"), (301, 302, "03"), (303, 305, "10"), (306, 308, "03 10"), (309, 309, "10"),
    (401, 406, "10"), (407, 407, "01"), (408, 408, "10"), (409, 410, "01"), (501, 511, "01 10"), (601, 709, "01"),
    (710, 712, "10"), (713, 810, "01"), (811, 814, "10"), (901, 903, "01 10"), (904, 1005, "01"), (1006, 1006, "01 10"),
    (1007, 1008, "01"), (1101, 1109, "10"), (1201, 1214, "01"), (1301, 1301, "02"), (1302, 1302, "10 20"), (1401, 1404, "01 02"),
    (1501, 2106, "10"), (2201, 2208, "11"), (2209, 2309, "10"), (2401, 2401, "01"), (2402, 2404, "12"),
    (2501, 2522, "08"), (2523, 2523, "23"), (2524, 2530, "08"), (2601, 2617, "07"), (2618, 2621, "24"),
    (2701, 2702, "05"), (2703, 2703, "08"), (2704, 2704, "19"), (2705, 2705, "35"), (2706, 2708, "19 20"), (2709, 2709, "06"),
    (2710, 2710, "19"), (2711, 2711, "06 19"), (2712, 2713, "19"), (2714, 2714, "06 08"), (2715, 2715, "19 23"), (2716, 2716, "35"),
    (2801, 2935, "20"), (2936, 2941, "21"), (2942, 2942, "20"), (3001, 3006, "21"), (3101, 3914, "20"), (3915, 3915, "38"),
    (3916, 3926, "22"), (4001, 4001, "01"), (4002, 4003, "20"), (4004, 4004, "38"), (4005, 4017, "22"),
    (4101, 4103, "10"), (4104, 4206, "15"), (4301, 4301, "01"), (4302, 4304, "14 15"), (4401, 4401, "02 16"), (4402, 4402, "20"),
    (4403, 4403, "02"), (4404, 4421, "16"), (4501, 4501, "02"), (4502, 4602, "16"), (4701, 4706, "17"), (4707, 4707, "38"),
    (4801, 4823, "17"), (4901, 4911, "18 58"), (5001, 5003, "01 13"), (5004, 5007, "13"), (5101, 5102, "01"), (5103, 5113, "13"),
    (5201, 5201, "01"), (5202, 5212, "13"), (5301, 5305, "01 13"), (5306, 5401, "13"), (5402, 5405, "20"), (5406, 5408, "13"),
    (5501, 5507, "20"), (5508, 6006, "13"), (6101, 6217, "14"), (6301, 6310, "13"), (6401, 6406, "15"), (6501, 6507, "14"),
    (6601, 6704, "32"), (6801, 7020, "23"), (7101, 7105, "32"), (7106, 7112, "242"), (7113, 7118, "32"),
    (7201, 7307, "241"), (7308, 7326, "25"), (7401, 7412, "242"), (7413, 7419, "25"), (7501, 7507, "242"), (7508, 7508, "25"),
    (7601, 7609, "242"), (7610, 7616, "25"), (7801, 8113, "242"), (8201, 8311, "25"),
    (8401, 8404, "25"), (8405, 8406, "28"), (8407, 8409, "28 29"), (8410, 8410, "28"), (8411, 8411, "28 303"), (8412, 8417, "28"),
    (8418, 8418, "27 28"), (8419, 8421, "28"), (8422, 8422, "27 28"), (8423, 8442, "28"), (8443, 8443, "26 28"), (8444, 8449, "28"),
    (8450, 8451, "27 28"), (8452, 8470, "28"), (8471, 8471, "26"), (8472, 8472, "28"), (8473, 8473, "26 28"), (8474, 8487, "28"),
    (8501, 8510, "27"), (8511, 8512, "29"), (8513, 8513, "27"), (8514, 8514, "28"), (8515, 8516, "27"), (8517, 8517, "26"),
    (8518, 8529, "26"), (8530, 8533, "27"), (8534, 8534, "26"), (8535, 8539, "27"), (8540, 8542, "26"), (8543, 8548, "27"),
    (8549, 8549, "38"), (8601, 8608, "302"), (8609, 8609, "29"), (8701, 8701, "28 29"), (8702, 8708, "29"), (8709, 8709, "28"),
    (8710, 8710, "304"), (8711, 8715, "309"), (8716, 8716, "29"), (8801, 8807, "303"), (8901, 8908, "301"),
    (9001, 9002, "26"), (9003, 9004, "32"), (9005, 9017, "26"), (9018, 9021, "32"), (9022, 9114, "26"), (9201, 9209, "32"),
    (9301, 9307, "25"), (9401, 9404, "31"), (9405, 9405, "27"), (9406, 9406, "16 25"), (9501, 9503, "32"), (9504, 9504, "26 32"),
    (9505, 9706, "32"),
)  # fmt: skip
# Divisions of NACE rev. 2 by industry of WIOD 2013 (NACE rev. 1) and of the embedded table.
_WIOD: tuple[tuple[int, int, str, str], ...] = (
    (1, 3, "c1", "agriculture"),
    (5, 9, "c2", "mining"),
    (10, 12, "c3", "food"),
    (13, 14, "c4", "textiles_wood_paper"),
    (15, 15, "c5", "textiles_wood_paper"),
    (16, 16, "c6", "textiles_wood_paper"),
    (17, 18, "c7", "textiles_wood_paper"),
    (58, 58, "c7", "textiles_wood_paper"),
    (19, 19, "c8", "fuels"),
    (20, 21, "c9", "chemicals"),
    (22, 22, "c10", "chemicals"),
    (23, 23, "c11", "metals_minerals"),
    (24, 25, "c12", "metals_minerals"),
    (26, 27, "c14", "electronics"),
    (28, 28, "c13", "machinery"),
    (29, 30, "c15", "vehicles"),
    (31, 32, "c16", "other_manufacturing"),
    (38, 38, "c16", "other_manufacturing"),
    (35, 35, "c17", "utilities"),
)
_LETTERS = {"A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "J": (58, 63)}
_CODE = re.compile(r"([A-U])((?:\d{1,3}[A-Z]?|_|T|-|[A-U](?=\d))*)")
_PART = re.compile(r"(\d{1,3})([AB]?)(?:[T-](\d{1,3}))?")
Span = tuple[int, int]


def _span(first: str, last: str = "") -> Span:
    """Return a division, group or span of them as first and last group of three digits."""
    low = int(first) if len(first) == 3 else int(first) * 10
    end = last or first
    return low, int(end) if len(end) == 3 else int(end) * 10 + 9


@cache
def spans(sector: str) -> tuple[Span, ...]:
    """Return the groups of NACE rev. 2 that a sector of a table holds, as (first, last); none when its code is not of NACE.

    Read are a letter (``B``), divisions (``C26``, ``A01``), groups (``C301``), spans (``C10T12``, ``C302T309``) and lists
    (``C31_32``, ``A01_A02``, ``B05_06``).
    """
    found = _CODE.fullmatch(sector)
    if found is None:
        return ()
    if not found[2]:
        letter = _LETTERS.get(found[1])
        return () if letter is None else ((letter[0] * 10, letter[1] * 10 + 9),)
    out = []
    for first, half, last in _PART.findall(found[2]):
        if half:  # C24A is iron and steel, C24B other metals
            out.append(_span(first + ("1" if half == "A" else "2")))
        else:
            out.append(_span(first, last))
    return tuple(out)


def divisions(code: str) -> tuple[str, ...]:
    """Return the divisions or groups of NACE rev. 2 in which a good of this code is made; none when there is no such heading."""
    if len(code) < 4 or not code[:4].isdigit():
        return ()
    heading = int(code[:4])
    return next((tuple(d.split()) for a, b, d in _HEADINGS if a <= heading <= b), ())


def makers(code: str, sectors: Iterable[str]) -> set[str]:
    """Return which of a table's sectors make a good with this six-digit code.

    A table that knows NACE codes is asked by them, else by the names of WIOD 2013 and of the embedded table.
    """
    made = [_span(d) for d in divisions(code)]
    have = list(sectors)
    found = {s for s in have if any(a <= d and c <= b for a, b in made for c, d in spans(s))}
    old = {name for a, b, *names in _WIOD for name in names if any(a * 10 <= y and x <= b * 10 + 9 for x, y in made)}
    return found or old & set(have)
