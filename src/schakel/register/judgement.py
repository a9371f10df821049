"""What did people judge about a dependency, and which dependencies are strategic because of it?

The program never computes a judgement. It records answers to two questions, and joins them to verdicts it did compute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from schakel.errors import InputError
from schakel.register.event import Entry, Event, entry
from schakel.register.store import Register

Question = Literal["public_interest", "short_term_replaceable"]
Answer = Literal["yes", "no", "unclear"]
Status = Literal["strategic", "not strategic", "open"]
QUESTIONS: tuple[Question, ...] = get_args(Question)
ANSWERS: tuple[Answer, ...] = get_args(Answer)
KIND = "judgement"
_WANTED: dict[Question, Answer] = {"public_interest": "yes", "short_term_replaceable": "no"}
_REPORTER = re.compile(r"[A-Z][A-Z0-9_-]{1,19}")
_PRODUCT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,29}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer of one person.

    Attributes
    ----------
    question
        ``public_interest``: does the product serve a public interest; ``short_term_replaceable``: can it be replaced,
        by other suppliers or at home, in the short term.
    answer
        ``yes``, ``no`` or ``unclear``.
    recorded_at, seq, event_hash
        When (UTC), and its place and hash in the register.
    """

    reporter: str
    product: str
    question: Question
    answer: Answer
    author: str
    reason: str
    valid_from: str
    recorded_at: str
    seq: int
    event_hash: str

    def as_dict(self) -> dict[str, str | int]:
        """Return a JSON-ready mapping."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a product is in the strategic subset, and because of what.

    Attributes
    ----------
    reasons
        ``dependent:yes|no|unknown`` and ``QUESTION:yes|no|unclear|unanswered``: those that decide, or those that keep
        it open.
    judgements
        The latest answer to each question that has one.
    """

    status: Status
    reasons: tuple[str, ...]
    judgements: tuple[Judgement, ...] = ()

    def sentence(self, lang: str) -> str:
        """Return status and reasons in words."""
        at = 1 if lang == "nl" else 0
        reasons = [f"{_WORDS[name][at]}: {_WORDS[value][at]}" for name, value in (r.split(":") for r in self.reasons)]
        return f"{_WORDS[self.status][at]} ({'; '.join(reasons)})"


_WORDS: dict[str, tuple[str, str]] = {
    "strategic": ("strategic", "strategisch"),
    "not strategic": ("not strategic", "niet strategisch"),
    "open": ("open", "open"),
    "dependent": ("dependent", "afhankelijk"),
    "public_interest": ("public interest", "publiek belang"),
    "short_term_replaceable": ("replaceable in the short term", "op korte termijn vervangbaar"),
    "yes": ("yes", "ja"),
    "no": ("no", "nee"),
    "unclear": ("unclear", "onduidelijk"),
    "unknown": ("unknown", "onbekend"),
    "unanswered": ("unanswered", "onbeantwoord"),
}


def record(
    register: Register,
    reporter: str,
    product: str,
    answers: Mapping[str, str],
    *,
    author: str,
    reason: str,
    valid_from: date | str | None = None,
) -> tuple[Judgement, ...]:
    """Record the answers of one person about one product, all or none.

    Parameters
    ----------
    answers
        One or both of ``QUESTIONS``, each with one of ``ANSWERS``.

    Raises
    ------
    InputError
        If there is no answer, a question, answer, reporter or product is not one, or author or reason is missing.
    """
    if not answers:
        raise InputError("there is no answer to record", remedy="give --public-interest or --replaceable")
    entries = [
        _entry(reporter, product, question, answer, author, reason, valid_from) for question, answer in answers.items()
    ]
    return tuple(read(event) for event in register.append_all(entries))


def _entry(
    reporter: str, product: str, question: str, answer: str, author: str, reason: str, valid_from: date | str | None
) -> Entry:
    if question not in QUESTIONS:
        raise InputError(f"unknown question {question!r}", remedy="use one of: " + ", ".join(QUESTIONS))
    if answer not in ANSWERS:
        raise InputError(f"unknown answer {answer!r} to {question}", remedy="use one of: " + ", ".join(ANSWERS))
    subject = subject_of(reporter, product)
    payload = {"reporter": reporter, "product": product, "question": question, "answer": answer}
    return entry(KIND, subject, payload, author=author, reason=reason, valid_from=valid_from)


def subject_of(reporter: str, product: str) -> str:
    """Return the subject of judgements, ``NLD/850511``.

    Raises
    ------
    InputError
        If the reporter is no code, or the product none (a code that lost its leading zero included).
    """
    if not _REPORTER.fullmatch(reporter):
        raise InputError(f"{reporter!r} is no reporter", remedy="use a country or bloc code: NLD, EU27")
    if not _PRODUCT.fullmatch(product):
        raise InputError(f"{product!r} is no product code", remedy="use an HS or CN code: 850511")
    if product.isdigit() and len(product) % 2:
        raise InputError(
            f"product code {product} has {len(product)} digits", remedy=f"did it lose its leading zero: 0{product}?"
        )
    return f"{reporter}/{product}"


def read(event: Event) -> Judgement:
    """Return the judgement an event holds."""
    data = event.data()
    return Judgement(
        reporter=data["reporter"],
        product=data["product"],
        question=data["question"],
        answer=data["answer"],
        author=event.author,
        reason=event.reason,
        valid_from=event.valid_from,
        recorded_at=event.recorded_at,
        seq=event.seq,
        event_hash=event.hash,
    )


def current(register: Register, reporter: str, as_of: date | str | None = None) -> tuple[Judgement, ...]:
    """Return the latest answer per product and question, by product; earlier ones stay in the trail."""
    found = (read(event) for event in register.events(KIND, as_of=as_of))
    return latest(judgement for judgement in found if judgement.reporter == reporter)


def latest(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Return the last recorded answer per reporter, product and question."""
    by_key = {(j.reporter, j.product, j.question): j for j in sorted(judgements, key=lambda j: j.seq)}
    return tuple(by_key[key] for key in sorted(by_key))


def history(register: Register, reporter: str) -> tuple[Judgement, ...]:
    """Return every answer ever recorded about a reporter's products, oldest first."""
    found = (read(event) for event in register.events(KIND))
    return tuple(j for j in found if j.reporter == reporter)


def trail(register: Register, product: str, reporter: str | None = None) -> tuple[Judgement, ...]:
    """Return every answer ever recorded about a product, oldest first."""
    found = (read(event) for event in register.events(KIND))
    return tuple(j for j in found if j.product == product and reporter in (None, j.reporter))


def strategic(verdicts: Mapping[str, bool | None], judgements: Iterable[Judgement]) -> dict[str, Standing]:
    """Return the standing of every product that has a verdict or a judgement, by product.

    Strategic = dependent, and in the public interest, and not replaceable in the short term. One condition that fails
    decides ("not strategic"); as long as none fails and one is unknown, unanswered or unclear, the product is "open".
    A judged product that the screen does not hold has an unknown verdict.

    Parameters
    ----------
    verdicts
        Product to verdict of a screen: True, False, or None where an input is missing.
    judgements
        Of one reporter; of several answers to a question the last recorded counts.

    Raises
    ------
    InputError
        If the judgements are of several reporters.
    """
    by_product: dict[str, dict[Question, Judgement]] = {}
    reporters = set()
    for judgement in latest(judgements):
        reporters.add(judgement.reporter)
        by_product.setdefault(judgement.product, {})[judgement.question] = judgement
    if len(reporters) > 1:
        raise InputError(
            "judgements of several reporters: " + ", ".join(sorted(reporters)), remedy="pass one reporter's"
        )
    products = sorted({*verdicts, *by_product})
    return {product: _standing(verdicts.get(product), by_product.get(product, {})) for product in products}


def _standing(verdict: bool | None, answers: Mapping[Question, Judgement]) -> Standing:
    conditions: list[tuple[str, bool | None]] = [
        ("dependent:" + {True: "yes", False: "no", None: "unknown"}[verdict], verdict)
    ]
    for question, wanted in _WANTED.items():
        answer = answers[question].answer if question in answers else "unanswered"
        met = None if answer in ("unclear", "unanswered") else answer == wanted
        conditions.append((f"{question}:{answer}", met))
    given = tuple(answers[question] for question in QUESTIONS if question in answers)
    failed = tuple(reason for reason, met in conditions if met is False)
    if failed:
        return Standing("not strategic", failed, given)
    unsettled = tuple(reason for reason, met in conditions if met is None)
    if unsettled:
        return Standing("open", unsettled, given)
    return Standing("strategic", tuple(reason for reason, _ in conditions), given)
