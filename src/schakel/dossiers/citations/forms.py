"""In which ways is one paper cited? The forms that the parser must read back."""

from __future__ import annotations


def forms(dossier: str, addition: str, number: str) -> list[str]:
    """Return ways to cite a paper.

    Parameters
    ----------
    dossier
        Five digits.
    addition
        Chapter, fund's letter, Council formation or empty.
    number
        Digits, or the letters of the Senate.

    Returns
    -------
    list
        The canonical identifier first.
    """
    spaced = f"{dossier[:2]} {dossier[2:]}"
    tail = f"-{addition}" if addition else ""
    loose = f" {addition}" if addition and not addition.isdigit() else tail
    return [
        f"kst-{dossier}{tail}-{number}",
        f"Kamerstuk {dossier}{tail}-{number}",
        f"Kamerstuk {spaced}{loose}, nr. {number}",
        f"Kamerstuk {dossier}{tail}, nr. {number}",
        f"Kamerstuk {spaced}{tail} nr. {number}",
        f"Kamerstuknummer: {dossier}{tail}-{number}",
        f"kamerstuk {dossier}{loose}-{number}",
        f"Kamerstukken II 2023/24, {spaced}{loose}, nr. {number}",
        f"t.v.v. {dossier}{tail}, nr.{number}",
        f"tvv {spaced}{loose}, nr. {number}",
        f"({dossier}{tail}, nr. {number})",
    ]
