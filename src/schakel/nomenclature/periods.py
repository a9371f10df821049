"""Which year, quarter or month does a source mean?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from schakel.errors import InputError

_MONTHS_EN = "January February March April May June July August September October November December"
_MONTHS_NL = "januari februari maart april mei juni juli augustus september oktober november december"
_MONTHS = {"en": _MONTHS_EN.split(), "nl": _MONTHS_NL.split()}
_QUARTER = re.compile(r"(\d{4})-?[QK]([1-4])")
_MONTH = re.compile(r"(\d{4})(?:-|M|-M)?(\d{2})")
_ANNUAL = 52  # Eurostat's COMEXT writes the year total of 2023 as 202352


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year (``A``), a quarter (``Q``) or a month (``M``).

    Attributes
    ----------
    start
        First day; periods sort by it, the longer one later.
    end
        Last day.
    """

    start: date
    end: date
    frequency: str

    @classmethod
    def of_year(cls, year: int) -> Period:
        """Return a calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31), "A")

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Period:
        """Return a quarter, 1 to 4."""
        return cls(date(year, 3 * quarter - 2, 1), _last_day(year, 3 * quarter), "Q")

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """Return a month, 1 to 12."""
        return cls(date(year, month, 1), _last_day(year, month), "M")

    @classmethod
    def parse(cls, text: str | int) -> Period:
        """Read ``2023``, ``202352`` (a COMEXT year), ``2023Q1``, ``2023-Q1``, ``2023-01``, ``202301`` or ``2023M01``.

        Raises
        ------
        InputError
            Any other text, a month outside 1-12 (52 apart), or a year outside 1900-2100.
        """
        plain = str(text).strip().upper()
        quarter, month = _QUARTER.fullmatch(plain), _MONTH.fullmatch(plain)
        if re.fullmatch(r"\d{4}", plain) and _plausible(plain):
            return cls.of_year(int(plain))
        if quarter and _plausible(quarter[1]):
            return cls.of_quarter(int(quarter[1]), int(quarter[2]))
        if month and _plausible(month[1]):
            year, number = int(month[1]), int(month[2])
            if number == _ANNUAL and plain.isdigit():
                return cls.of_year(year)
            if 1 <= number <= 12:
                return cls.of_month(year, number)
        raise InputError(
            f"not a period: {str(text)!r}", remedy="write 2023, 2023Q1, 2023-01 or, as COMEXT does, 202352"
        )

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.start.year

    def contains(self, other: Period) -> bool:
        """Tell whether another period lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def next(self) -> Period:
        """Return the period of the same length that follows."""
        day = self.end + timedelta(days=1)
        if self.frequency == "A":
            return Period.of_year(day.year)
        if self.frequency == "Q":
            return Period.of_quarter(day.year, (day.month + 2) // 3)
        return Period.of_month(day.year, day.month)

    def label(self, lang: str = "en") -> str:
        """Return the period in words: ``2023``, ``Q1 2023`` (``1e kwartaal 2023``), ``January 2023``."""
        if lang not in _MONTHS:
            raise InputError(f"no names in language {lang!r}", remedy="use en or nl")
        if self.frequency == "A":
            return str(self.year)
        if self.frequency == "M":
            return f"{_MONTHS[lang][self.start.month - 1]} {self.year}"
        quarter = (self.start.month + 2) // 3
        return f"{quarter}e kwartaal {self.year}" if lang == "nl" else f"Q{quarter} {self.year}"

    def __str__(self) -> str:
        if self.frequency == "A":
            return f"{self.year:04d}"
        if self.frequency == "Q":
            return f"{self.year:04d}-Q{(self.start.month + 2) // 3}"
        return f"{self.year:04d}-{self.start.month:02d}"


def _last_day(year: int, month: int) -> date:
    return (date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)) - timedelta(days=1)


def _plausible(year: str) -> bool:
    return 1900 <= int(year) <= 2100
