"""By which definition is a product a dependency, and by which is it not?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schakel.charts.svg import Words, clip, el, label, picture, text_of

SAID: dict[str, dict[bool | None, str]] = {
    "en": {True: "yes", False: "no", None: "unknown"},
    "nl": {True: "ja", False: "nee", None: "onbekend"},
}
KIND: dict[bool | None, str] = {True: "yes", False: "no", None: "unknown"}
_LEFT, _CELL, _ROW, _HEAD = 220.0, 64.0, 30.0, 34.0


def verdict_mark(verdict: bool | None, lang: str = "en", *, bare: bool = False) -> str:
    """Draw a mark for running text or a table cell: filled square, open circle or dashed diamond, and the word.

    A bare mark keeps the word for screen readers only.
    """
    word = text_of(SAID[lang][verdict])
    word = f'<span class="hidden">{word}</span>' if bare else word
    return (
        f'<span class="verdict {KIND[verdict]}"><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f"{_shape(verdict, 8, 8)}</svg> {word}</span>"
    )


def verdict_grid(
    products: Sequence[tuple[str, str]],
    methods: Sequence[tuple[str, str]],
    verdicts: Mapping[tuple[str, str], bool | None],
    *,
    title: str,
    desc: str,
    ident: str,
    lang: str = "en",
) -> str:
    """Draw products down, definitions across.

    Parameters
    ----------
    products, methods
        (key, label) pairs in the order wanted.
    verdicts
        By (product key, method key); an absent pair is unknown. Shape and word carry the verdict; the colour only
        repeats it.
    """
    body = [
        label(clip(text, 12), _LEFT + (j + 0.5) * _CELL, 20, "tick strong", "mid")
        for j, (_, text) in enumerate(methods)
    ]
    for i, (product, text) in enumerate(products):
        y = _HEAD + i * _ROW
        body.append(label(clip(text, 32), 4, y + 19, "label"))
        for j, (method, _) in enumerate(methods):
            verdict = verdicts.get((product, method))
            x = _LEFT + (j + 0.5) * _CELL
            shape = _shape(verdict, x, y + 9)
            body.append(
                el("g", shape, label(SAID[lang][verdict], x, y + 26, "tick", "mid"), class_=f"cell {KIND[verdict]}")
            )
    width = _LEFT + _CELL * max(len(methods), 1)
    return picture("verdicts", width, _HEAD + _ROW * max(len(products), 1), ident, title, desc, *body)


def verdict_grid_words(
    products: Sequence[tuple[str, str]],
    methods: Sequence[tuple[str, str]],
    verdicts: Mapping[tuple[str, str], bool | None],
    *,
    header: str,
    lang: str = "en",
) -> Words:
    """Say what the grid shows: a row a product, and how many products each definition counts."""
    rows = tuple((text, *(SAID[lang][verdicts.get((p, m))] for m, _ in methods)) for p, text in products)
    counts = [(text, sum(verdicts.get((p, m)) is True for p, _ in products)) for m, text in methods]
    lead = {"en": "Dependent by definition, of {}: ", "nl": "Afhankelijk per definitie, van {}: "}[lang]
    said = lead.format(len(products)) + ", ".join(f"{text} {count}" for text, count in counts) + "."
    return Words(said, (header, *(text for _, text in methods)), rows)


def _shape(verdict: bool | None, x: float, y: float) -> str:
    if verdict is True:
        return el("rect", class_="yes", x=x - 5, y=y - 5, width=10, height=10)
    if verdict is False:
        return el("circle", class_="no", cx=x, cy=y, r=5)
    return el(
        "path", class_="unknown", d=f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}L{x - 6:.1f} {y:.1f}Z"
    )
