"""Which citations cannot be right as they stand, and what was probably meant?

A doubted citation keeps the identifier that its characters spell and loses its link; the best reading goes into a finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schakel.dossiers.citations.chapters import BUDGETS, CHAPTERS, highest_dossier
from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.history import History, histories, near, neighbours
from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.text import Mention, Span

_HIGHEST = 45000  # about 2045; no dossier is near it
_OLD = timedelta(days=365 * 8)
_MARK = re.compile(r"([¹²³⁰⁴-⁹]{1,3}|(?<=[ \n])\d{1,3}(?= )) {0,3}(?:Zie (?:ook )?)?$")
_SENTENCES: dict[str, tuple[str, str]] = {
    "addition": ("{0} is no budget chapter.", "{0} is geen begrotingshoofdstuk."),
    "glued": ("Addition and number run together in {0}.", "Toevoeging en nummer staan aaneen in {0}."),
    "length": ("{0} is not a number of the right length.", "{0} is geen nummer van de juiste lengte."),
    "council": ("{0} has the form of a Council dossier but is none.", "{0} heeft de vorm van een Raadsdossier, maar is er geen."),
    "letters": ("Letters stand for digits in {0}.", "In {0} staan letters waar cijfers horen."),
    "spacing": ("The space or hyphen in the dossier number of {0} stands wrong.", "De spatie of het streepje in het dossiernummer van {0} staat verkeerd."),
    "rest": ("Characters are left over behind the number in {0}.", "Achter het nummer in {0} blijven tekens over."),
    "no-dossier": ("{0} names no dossier.", "{0} noemt geen dossier."),
    "incomplete": ("The paper's number is missing behind {0}.", "Het nummer van het stuk ontbreekt achter {0}."),
    "placeholder": ("A number was left to fill in.", "Er is een nummer opengelaten."),
    "label": ("{0} is not a Kamerstuk number; it is read as a document number.", "{0} is geen Kamerstuknummer; het is gelezen als documentnummer."),
    "commitment-number": ("{0} is not a number of the register of commitments (TZ, year, month, three digits).",
                          "{0} is geen toezeggingsnummer (TZ, jaar, maand, drie cijfers)."),
    "session-year": ("{0}: the years do not follow each other.", "{0}: de jaren volgen niet op elkaar."),
    "year-missing": ("The year of the date is missing.", "Het jaar bij de datum ontbreekt."),
    "dossier-later": ("Dossier {0} had not been opened by {1}.", "Dossier {0} bestond op {1} nog niet."),
    "number-later": ("Number {0} of the dossier is from after {1}; the text is of {2}.", "Nummer {0} van het dossier is van na {1}; de tekst is van {2}."),
    "number-early": ("Number {0} of the dossier is from before {1}, while the dossier stood at about {3} when this was written ({2}): a digit may be missing.",
                     "Nummer {0} van het dossier is van voor {1}, terwijl het dossier bij "
                     "het schrijven ({2}) op ongeveer {3} stond: er kan een cijfer ontbreken."),
    "near-miss": ("No long-running dossier {0} is known; {1} ({2}) differs by one digit, its numbers fit the date and its title fits the sentence.",
                  "Een doorlopend dossier {0} is niet bekend; {1} ({2}) scheelt een cijfer, de nummering past bij de datum en de titel bij de zin."),
    "budget-miss": ("{0} is not the number of a budget; {1} is, and differs by one digit.", "{0} is geen begrotingsnummer; {1} wel, en scheelt een cijfer."),
}  # fmt: skip
_MALFORMED = frozenset(
    {"addition", "glued", "length", "incomplete", "council", "letters", "spacing", "rest", "no-dossier"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """A doubt before it is tied to characters."""

    problem: str
    words: tuple[object, ...] = ()
    reading: str | None = None
    candidates: tuple[str, ...] = ()

    def at(self, mention: Mention) -> DossierFinding:
        """Tie the doubt to a citation."""
        words = self.words or (mention.quote.replace("\n", " "),)
        en, nl = (s.format(*words) for s in _SENTENCES[self.problem])
        kind = "malformed" if self.problem in _MALFORMED else self.problem
        return DossierFinding(
            f"citation-{kind}",
            mention.start,
            mention.end,
            mention.quote,
            {"en": en, "nl": nl},
            self.reading,
            self.candidates,
        )


def doubt(found: Found, text: str, place: Span, written: date | None) -> tuple[Found, Told | None]:
    """Weigh one citation.

    Parameters
    ----------
    found
        The citation.
    text
        The flat original text, in which marks of footnotes still stand.
    place
        Where the citation stands in it.
    written
        When the text was written; without it nothing is said about time.

    Returns
    -------
    tuple
        The citation, without its link when it is improbable, and the doubt, None when there is none.
    """
    if found.problem:
        told = Told(found.problem, reading=found.reading)
        return found, told
    if found.kind not in ("kamerstuk", "dossier"):
        return found, None
    weighed = _weigh(found, text, place, written)
    return (replace(found, link=None), weighed) if weighed else (found, None)


def _weigh(found: Found, text: str, place: Span, written: date | None) -> Told | None:
    dossier, addition, number = (str(found.value.get(k) or "") for k in ("dossier", "addition", "number"))
    if int(dossier) > (highest_dossier(written.year) if written else _HIGHEST):
        reading = _budget(dossier, addition, number, written) if written else None
        return Told("dossier-later", (dossier, written.year if written else "2045"), reading)
    if written is None or not number:
        return None
    if (
        addition in CHAPTERS
        and int(dossier) not in BUDGETS.values()
        and abs(int(dossier) - _current(written)) > 900
        and int(dossier) % 5
    ):
        reading = _budget(dossier, addition, number, written)
        if reading:
            return Told("budget-miss", (dossier, reading.split("-")[1]), reading)
    if not number.isdigit():
        return None
    stem = f"{dossier}-{addition}" if addition else dossier
    history = histories().get(stem)
    if history:
        return _in_time(history, int(number), written)
    return _near_miss(dossier, int(number), text, place, written) if not addition else None


def _current(day: date) -> int:
    year = day.year if day.month >= 9 else day.year - 1
    return BUDGETS.get(year, max(BUDGETS.values()))


def _budget(dossier: str, addition: str, number: str, day: date) -> str | None:
    """Return the paper of a recent budget whose number is near to the one given, the latest first."""
    for year in range(day.year, day.year - 4, -1):
        budget = str(BUDGETS.get(year, ""))
        if near(dossier, budget):
            return "-".join(p for p in ("kst", budget, addition, number) if p)
    return None


def _in_time(history: History, number: int, written: date) -> Told | None:
    first, last = history.earliest(number), history.latest(number)
    if first and first > written + timedelta(days=45):
        return Told("number-later", (number, first.isoformat(), written.isoformat()))
    expected = history.expected(written)
    if expected is None or last is None or last > written - _OLD or len(str(number)) >= len(str(expected)):
        return None
    digits = str(number)
    longer = {int(digits[:i] + d + digits[i:]) for i in range(len(digits) + 1) for d in "0123456789" if i or d != "0"}
    fitting = sorted(
        (n for n in longer if history.fits(n, written) and n <= expected * 1.02),
        key=lambda n: (not str(n).startswith(digits), -n),
    )
    candidates = tuple(f"kst-{history.stem}-{n}" for n in fitting[:10])
    reading = (
        candidates[0]
        if len(candidates) == 1
        else f"kst-{history.stem}-{digits}?"
        if candidates and str(fitting[0]).startswith(digits)
        else None
    )
    return Told("number-early", (number, last.isoformat(), written.isoformat(), expected), reading, candidates)


def _near_miss(dossier: str, number: int, text: str, place: Span, written: date) -> Told | None:
    if (
        number < 40 or _current(written) - int(dossier) < 800
    ):  # a dossier of the last years may simply not be in the table
        return None
    around = _context(text, place.start, place.end).lower()
    for stem in neighbours(dossier):
        history = histories()[stem]
        words = [
            w for w in re.findall(r"\w{6,}", history.title.lower()) if w not in ("nationale", "europese", "beleid")
        ]
        if history.title and history.fits(number, written) and any(w in around for w in words):
            reading = f"kst-{stem}-{number}"
            return Told("near-miss", (dossier, stem, history.title), reading, (reading,))
    return None


def _context(text: str, start: int, end: int) -> str:
    """Return the text around a citation; for one in a footnote also the text before its marker."""
    near_by = text[max(0, start - 400) : end + 300]
    head = _MARK.search(text, max(0, start - 16), start)
    if head:
        label = head[1]
        glued = re.compile(rf"(?<=[^\W\d_]|[.,;:)%’”»]){label}(?!\d)") if label.isascii() else re.compile(label)
        marks = [m.start() for m in glued.finditer(text, 0, head.start())]
        if marks:
            near_by += text[max(0, marks[-1] - 900) : marks[-1]]
    return near_by
