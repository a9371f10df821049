"""What do users order anew, after what they used and what came?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from schakel.shocks.world import F64


def anew(
    stock: F64, used: F64, aim: F64, start: F64, rule: Mapping[str, F64], *, plain: bool, panic: tuple[F64, F64] | None
) -> F64:
    """Return orders of a product in days of use a day: what is used, and a part of what the stock lacks.

    Who has more than at the start, because another input is missing, orders that much less; otherwise goods nobody uses
    pile up and their makers seem to lose nothing. The plain rule lets them pile up.

    Parameters
    ----------
    aim
        Stock aimed at, changed in place; ``start`` the stock at the start.
    panic
        What was got and what was ordered, where users who lack a product aim higher; None where nobody does.
    """
    if panic is not None:
        got, old = panic
        filled = np.minimum(1.0, np.divide(got, old, out=np.ones_like(got), where=old > 0))
        aim = aim * (1.0 + rule["panic"] * (1.0 - filled))
    np.subtract(aim, stock, out=aim)
    if plain:
        np.maximum(aim, 0.0, out=aim)
    else:
        over = start - stock
        np.minimum(over, 0.0, out=over)
        np.maximum(aim, over, out=aim)
    aim /= rule["restore_days"]
    aim += used
    if not plain:
        np.maximum(aim, 0.0, out=aim)
    return aim
