"""What can go wrong, where, and what to do about it.

SchakelError
├── InputError          exit 3   a file or value a user handed in cannot be used; nothing was loaded
├── NotFoundError       exit 4   a data set, product, country or method of that name is not here
├── LicenceError        exit 5   the licence of a row forbids what was asked
├── IntegrityError      exit 6   a hash, chain or receipt does not agree with what it vouches for
└── MachineError        exit 7   disk, permission or network

Exit 0 is success, 1 a fault of the program itself, 2 wrong use of the command line.
"""

from __future__ import annotations

from typing import Any

from schakel.plain import printable


class SchakelError(Exception):
    """An error a user can act on.

    Parameters
    ----------
    what
        One sentence: what is wrong.
    where
        File, row, column or rule concerned; shown as given.
    remedy
        One sentence: what to do.
    """

    exit_code = 1
    slug = "error"
    status = 500

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"where: {self.where}")
        if self.remedy:
            parts.append(f"remedy: {self.remedy}")
        return "\n  ".join(map(printable, parts))

    def problem(self) -> dict[str, Any]:
        """Return the error as an RFC 9457 problem document."""
        return {
            "type": f"urn:schakel:problem:{self.slug}",
            "title": self.what,
            "status": self.status,
            "detail": self.remedy,
            "instance": self.where,
        }


class InputError(SchakelError):
    """A file or value handed in cannot be used; nothing of it was loaded."""

    exit_code = 3
    slug = "input"
    status = 422


class NotFoundError(SchakelError):
    """Nothing of that name is here."""

    exit_code = 4
    slug = "not-found"
    status = 404


class LicenceError(SchakelError):
    """The licence of a row forbids what was asked."""

    exit_code = 5
    slug = "licence"
    status = 403


class IntegrityError(SchakelError):
    """A hash, a chain or a receipt does not agree with what it vouches for."""

    exit_code = 6
    slug = "integrity"
    status = 409


class MachineError(SchakelError):
    """The machine is in the way: disk, permission or network."""

    exit_code = 7
    slug = "environment"
    status = 503
