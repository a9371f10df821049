"""Where does a register stand, and how is that said without its password?"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from schakel.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import URL

_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_ACCEPTED = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
_SECRET_KEYS = ("password", "sslpassword")
_REMEDY = "use a file, or postgresql://USER@HOST/DATABASE with the password in PGPASSWORD or a password file"


@dataclass(frozen=True, slots=True)
class Address:
    """A file or a database.

    Attributes
    ----------
    path
        The file; None for PostgreSQL.
    where
        What may be shown.
    secrets
        What may not.
    """

    path: Path | None
    where: str
    given: URL | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def url(self) -> URL:
        """Return what SQLAlchemy connects to."""
        from sqlalchemy import URL

        return self.given if self.given is not None else URL.create("sqlite", database=str(self.path))

    def hide(self, text: str) -> str:
        """Return ``text`` without what may not be shown."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def address(url_or_path: str | os.PathLike[str]) -> Address:
    """Read a path or URL; nothing is opened.

    Raises
    ------
    InputError
        If the URL cannot be read or names a database that is not supported.
    """
    text = os.fspath(url_or_path)
    if "://" not in text:
        if text.startswith(("postgresql:/", "postgres:/", "postgresql+psycopg:/")):  # Path() took a slash away
            raise InputError("a database URL was handed over as a file name", where=_bare(text), remedy=_REMEDY)
        if not text:
            raise InputError("the register has no name", remedy=_REMEDY)
        return Address(Path(text), text)
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InputError("the register's URL cannot be read", where=_bare(text), remedy=_REMEDY) from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.drivername not in _ACCEPTED or (
        url.drivername.startswith("sqlite") and url.database in (None, "", ":memory:")
    ):
        raise InputError("the register cannot stand there", where=_bare(text), remedy=_REMEDY)
    if url.drivername.startswith("sqlite"):
        return Address(Path(str(url.database)), text)
    return Address(None, _shown(url), url, _secrets(url))


def _shown(url: URL) -> str:
    """Return user, host, port and database; of the rest only the names, as it may hold a password."""
    shown = url.set(query={}).render_as_string(hide_password=True)
    return f"{shown}?{'&'.join(f'{key}=...' for key in sorted(url.query))}" if url.query else shown


def _secrets(url: URL) -> tuple[str, ...]:
    found: list[Any] = [url.password, *(url.query.get(key) for key in _SECRET_KEYS)]
    plain = {str(secret) for secret in found if secret}
    every = plain | {quote(s, safe="") for s in plain} | {quote_plus(s) for s in plain}
    return tuple(sorted(every, key=len, reverse=True))


def _bare(text: str) -> str:
    """Return what of an unreadable URL cannot hold a password: its scheme, and what follows the last @."""
    scheme, _, rest = text.partition(":/")
    return f"{scheme}://...{'@' + rest.rsplit('@', 1)[1].partition('?')[0] if '@' in rest else ''}"
