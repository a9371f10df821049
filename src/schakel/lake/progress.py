"""How far is a long operation?

A bar appears on stderr when an operation takes more than two seconds and stderr is a terminal; otherwise nothing is
ever written.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schakel.plain import printable

if TYPE_CHECKING:
    from rich.progress import Progress

DELAY_SECONDS = 2.0
Step = Callable[[float], None]


@contextmanager
def bar(
    label: str, total: float | None = None, *, delay: float = DELAY_SECONDS, bytes_: bool = False
) -> Iterator[Step]:
    """Show progress over the body of a ``with`` statement.

    Parameters
    ----------
    label
        What is being done.
    total
        Amount of work, None when it is not known.
    delay
        Seconds before the bar appears.
    bytes_
        Whether the amounts are bytes.

    Yields
    ------
    Callable
        ``step(amount)`` adds to what is done; it may be called from any thread.
    """
    if not sys.stderr.isatty():
        yield lambda amount: None
        return
    progress = _make(bytes_, total is not None)
    task = progress.add_task(printable(label).replace("[", "\\["), total=total)
    gate = threading.Lock()
    closed = False

    def appear() -> None:
        with gate:
            if not closed:  # the work may have ended between the alarm and now
                progress.start()

    alarm = threading.Timer(delay, appear)
    alarm.daemon = True
    alarm.start()
    try:
        yield lambda amount: progress.advance(task, amount)
    finally:
        alarm.cancel()
        with gate:
            closed = True
            progress.stop()


def _make(bytes_: bool, known: bool) -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn()]
    if bytes_:
        columns.append(DownloadColumn())
    elif known:
        columns.append(MofNCompleteColumn())
    columns.append(TimeElapsedColumn())
    if known:
        columns.append(TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
