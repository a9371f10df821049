"""Small chains for tests."""

from hypothesis import strategies as st

from schakel.chains.graph import ChainGraph, Position, Slot, Step


def graph(slots, positions, n=None):
    """Slots as (step, alternatives), positions as (step, country, share) or (step, country, share, actor)."""
    names = sorted({s for s, _ in slots} | {a for _, alts in slots for a in alts} | {p[0] for p in positions})
    return ChainGraph(
        "test",
        tuple(Step(x, x, x) for x in names),
        tuple(Slot(s, f"{s}{k}", tuple(alts)) for k, (s, alts) in enumerate(slots)),
        tuple(Position(p[0], p[3] if len(p) > 3 else "", p[1], "", "", p[2], p[2]) for p in positions),
    )


CHIP = graph(
    [("chip", ["wafer"]), ("chip", ["scanner"]), ("wafer", ["silicon_a", "silicon_b"])],
    [
        ("chip", "TWN", 0.6), ("chip", "KOR", 0.4), ("scanner", "NLD", 1.0), ("wafer", "JPN", 1.0),
        ("silicon_a", "DEU", 1.0), ("silicon_b", "USA", 0.5), ("silicon_b", "CHN", 0.5),
    ],
)  # fmt: skip


@st.composite
def small_graphs(draw):
    n = draw(st.integers(1, 8))
    names = [f"p{i}" for i in range(n)]
    slots = []
    for name in names:
        for _ in range(draw(st.integers(0, 3))):
            slots.append((name, draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))))
    positions = []
    for name in names:
        for code in draw(st.lists(st.sampled_from(["NLD", "CHN", "USA", "TWN"]), max_size=3, unique=True)):
            share = draw(st.sampled_from([0.2, 0.3, 0.5, 1.0, None]))
            actor = draw(st.sampled_from(["", "", "Firm A", "Firm B"]))
            positions.append((name, code, share, actor))
    return graph(
        [(s, a) for s, a in slots], [*positions, *((x, "ZAF", 0.0) for x in names if draw(st.booleans()))]
    ), slots
