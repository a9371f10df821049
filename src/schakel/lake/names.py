"""What do the publishers' own code files, once added, call a product?

Read from every data set of the lake that has a table ``products``; where two describe a code, the later HS revision
has the word. English only, as the publishers write it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

TABLE = "products"


def described(code: str, root: Path | None = None) -> str | None:
    """Return the publisher's description of a product, or of its first six digits, or None.

    Parameters
    ----------
    root
        Folder of the lake; None takes the setting.
    """
    if root is None:
        from schakel import settings

        root = settings.load().lake
    names = descriptions(root)
    return names.get(code) or (names.get(code[:6]) if len(code) > 6 else None)


def descriptions(root: Path) -> dict[str, str]:
    """Return every description by code; read again when a data set was added to the lake."""
    try:
        changed = root.stat().st_mtime_ns
    except OSError:
        return {}
    return _read(root, changed)


@lru_cache(maxsize=4)
def _read(root: Path, changed: int) -> dict[str, str]:
    from schakel.errors import IntegrityError
    from schakel.lake.engine import connect
    from schakel.lake.store import Lake

    lake = Lake(root)
    found = []
    for name in lake.names():
        try:
            dataset = lake.open(name)
        except IntegrityError:
            continue  # a name is no reason to stop; `data verify` says what is damaged
        if TABLE in dataset.tables:
            found.append((_revision(name), name, dataset))
    names: dict[str, str] = {}
    with connect() as con:
        for _, _, dataset in sorted(found, key=lambda entry: entry[:2]):
            rows = con.execute(f"SELECT product, name_en FROM {dataset.from_sql(TABLE)} WHERE name_en IS NOT NULL")
            names.update(rows.fetchall())
    return names


def _revision(name: str) -> int:
    """Return the HS revision that the name of a data set ends in, 0 when it has none."""
    digits = name.rpartition("hs")[2]
    if len(digits) != 2 or not digits.isdigit():
        return 0
    return int(digits) + (1900 if int(digits) > 80 else 2000)
