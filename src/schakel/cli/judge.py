"""How does a person record, from the command line, what the program may not compute?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.speech import note, tell

if TYPE_CHECKING:
    from schakel.register import Judgement, Register

_ANSWER = click.Choice(["yes", "no", "unclear"])
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("product", "Product", "Product"),
    ("question", "Question", "Vraag"),
    ("answer", "Answer", "Antwoord"),
    ("author", "Author", "Auteur"),
    ("reason", "Reason", "Reden"),
    ("valid_from", "Holds from", "Geldt vanaf"),
    ("recorded_at", "Recorded (UTC)", "Vastgelegd (UTC)"),
)
_DETAIL = ("reporter", "seq", "event_hash")


@click.command(
    epilog="""Example:

\b
  schakel judge NLD 850511 --public-interest yes --replaceable no \\
    --author "J. Jansen" --reason "No supplier of magnets outside one country; see letter of 3 March"
  schakel judge NLD --list
  schakel judge NLD --trail 850511 --format json
  schakel judge --verify
"""
)
@click.argument("reporter", required=False)
@click.argument("product", required=False)
@click.option("--public-interest", type=_ANSWER, help="Does the product serve a public interest?")
@click.option("--replaceable", type=_ANSWER, help="Can it be replaced in the short term, from elsewhere or at home?")
@click.option("--author", help="Who judges. Required to record.")
@click.option("--reason", help="Why, on one line. Required to record.")
@click.option("--valid-from", metavar="DATE", help="Day from which it holds, 2026-11-22. Default: today.")
@click.option("--list", "listed", is_flag=True, help="Show the judgements that stand.")
@click.option("--trail", metavar="PRODUCT", help="Show every judgement ever recorded about a product.")
@click.option("--verify", is_flag=True, help="Recompute the hash chain of the register.")
@click.option(
    "--head", default="", metavar="HASH", help="With --verify: a head hash printed earlier; it must be there."
)
@click.option("--backup", type=click.Path(path_type=Path), metavar="FILE", help="Write a verified copy to a new file.")
@click.option(
    "--register",
    "path",
    metavar="PATH",
    help="A file or database URL. Default: SCHAKEL_REGISTER, else register.sqlite in SCHAKEL_HOME.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "md"]),
    default="table",
    show_default=True,
    help="How to show the answer.",
)
@click.option("--lang", type=click.Choice(["en", "nl"]), help="Language of tables and messages.")
def judge(
    reporter: str | None,
    product: str | None,
    public_interest: str | None,
    replaceable: str | None,
    author: str | None,
    reason: str | None,
    valid_from: str | None,
    listed: bool,
    trail: str | None,
    verify: bool,
    head: str,
    backup: Path | None,
    path: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Record a judgement on PRODUCT for REPORTER, or show those recorded.

    A dependency is strategic when it serves a public interest and cannot be replaced in the short term. Both are for
    people to judge; the register keeps who judged, when and why, and nothing can be changed in it afterwards. A later
    judgement stands in place of an earlier one, which stays in the trail. Codes must be those of the screen: a
    judgement on 85051110 says nothing about 850511.
    """
    answers = {"public_interest": public_interest, "short_term_replaceable": replaceable}
    given = {question: answer for question, answer in answers.items() if answer is not None}
    wishes = [bool(given or product), listed, trail is not None, verify, backup is not None]
    if sum(wishes) != 1:
        raise click.UsageError("Give a PRODUCT with answers, or one of --list, --trail, --verify and --backup.")
    if head and not verify:
        raise click.UsageError("--head belongs to --verify.")
    if not (verify or backup) and reporter is None:
        raise click.UsageError("Missing argument 'REPORTER'.")

    from schakel import settings
    from schakel.register import Register

    chosen = settings.load(language=lang)
    with Register(path or chosen.register) as register:
        if verify:
            _verify(register, head, form)
        elif backup:
            _tell({"register": register.where, "backup": str(backup), "head": register.backup(backup)}, form)
        elif listed or trail is not None:
            _show(register, _code(str(reporter)), trail, form, chosen.language)
        else:
            for name, value in (("PRODUCT", product), ("--author", author), ("--reason", reason)):
                if value is None:
                    raise click.UsageError(f"Missing {name}: a judgement needs a product, an author and a reason.")
            if not given:
                raise click.UsageError("Give --public-interest, --replaceable or both.")
            _record(register, _code(str(reporter)), str(product), given, str(author), str(reason), valid_from, form)


def _code(reporter: str) -> str:
    """Return the reporter's code as the rooms write it; an unknown one is refused."""
    from schakel.dependency.screen import country
    from schakel.nomenclature import blocs

    return reporter.upper() if blocs.is_bloc(reporter.upper()) else country(reporter)


def _record(
    register: Register,
    reporter: str,
    product: str,
    answers: dict[str, str],
    author: str,
    reason: str,
    valid_from: str | None,
    form: str,
) -> None:
    from schakel.nomenclature import products
    from schakel.register import record

    done = record(register, reporter, product, answers, author=author, reason=reason, valid_from=valid_from)
    if product[:6].isdigit() and len(product) >= 6 and not products.revisions_of(product):
        note(f"warning: product code {product} is in no HS revision; recorded as given")
    if form == "json":
        _json({"recorded": [j.as_dict() for j in done], "register": register.where, "head": done[-1].event_hash})
        return
    for judgement in done:
        tell(
            f"recorded: {reporter} {product}, {judgement.question}: {judgement.answer} "
            f"(event {judgement.seq}, {judgement.event_hash[:12]})"
        )


def _show(register: Register, reporter: str, product: str | None, form: str, lang: str) -> None:
    from schakel.register import current
    from schakel.register import trail as trail_of
    from schakel.reports import Column
    from schakel.reports.tabular import write_rows

    found: tuple[Judgement, ...] = (
        current(register, reporter) if product is None else trail_of(register, product, reporter)
    )
    rows = [judgement.as_dict() for judgement in found]
    columns = [Column(key, {"en": en, "nl": nl}) for key, en, nl in _COLUMNS]
    columns += [Column(key, detail=True, kind="integer" if key == "seq" else "text") for key in _DETAIL]
    envelope = {"reporter": reporter, "register": register.where, "head": register.head(), "judgements": rows}
    write_rows(rows, columns, form, lang=lang, envelope=envelope)


def _verify(register: Register, head: str, form: str) -> None:
    found = register.verify(head)
    _tell({"register": register.where, "intact": True, "events": len(register.events()), "head": found}, form)


def _tell(answer: dict[str, Any], form: str) -> None:
    if form == "json":
        _json(answer)
    else:
        for key, value in answer.items():
            tell(f"{key}: {value}")


def _json(answer: dict[str, Any]) -> None:
    from schakel.reports.files import to_stdout
    from schakel.reports.tabular import as_json

    to_stdout(as_json(answer).encode())
