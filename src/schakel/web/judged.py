"""Which judgements of people does the register hold?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schakel.web.service import Judgement

_FLAG = {"yes": True, "no": False, "unclear": None}


def judgements(register: Path | str | None, reporter: str, product: str = "") -> tuple[Judgement, ...]:
    """Return the latest answers by product; nothing without a register."""
    if register is None or (isinstance(register, Path) and not register.exists()):
        return ()
    from schakel.register import Register
    from schakel.register.judgement import current

    by_product: dict[str, list[Any]] = {}
    with Register(register) as book:
        for j in current(book, reporter):
            if product in ("", j.product):
                by_product.setdefault(j.product, []).append(j)
    out = []
    for code, items in by_product.items():
        answers = {j.question: _FLAG[j.answer] for j in items}
        last = max(items, key=lambda j: j.seq)
        interest, replaceable = answers.get("public_interest"), answers.get("short_term_replaceable")
        out.append(Judgement(code, interest, replaceable, last.author, last.recorded_at, last.reason))
    return tuple(out)
