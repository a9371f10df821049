"""Does a judgement stand as it was given, and does only a person's answer move a product in or out?"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.register import Judgement, Register, current, record, strategic, trail
from schakel.register.judgement import ANSWERS, QUESTIONS


@pytest.fixture
def register(tmp_path):
    with Register(tmp_path / "register.sqlite") as opened:
        yield opened


def say(register, product="850511", reporter="NLD", author="J. Jansen", reason="because", **answers):
    return record(register, reporter, product, answers, author=author, reason=reason)


def judged(product, public=None, replaceable=None, reporter="NLD", seq=1):
    given_ = {"public_interest": public, "short_term_replaceable": replaceable}
    return [
        Judgement(reporter, product, question, answer, "a", "r", "2026-01-01", "2026-01-01T00:00:00.000000Z", seq, "h")
        for question, answer in given_.items()
        if answer
    ]


def test_a_judgement_carries_author_reason_time_and_hash(register):
    one, two = say(register, public_interest="yes", short_term_replaceable="no")
    assert (one.question, one.answer, one.author, one.reason) == ("public_interest", "yes", "J. Jansen", "because")
    assert (two.question, two.answer) == ("short_term_replaceable", "no")
    events = register.events("judgement", "NLD/850511")
    assert [e.hash for e in events] == [one.event_hash, two.event_hash]
    assert events[0].data() == {"reporter": "NLD", "product": "850511", "question": "public_interest", "answer": "yes"}
    assert one.recorded_at.endswith("Z")
    assert register.verify() == two.event_hash


def test_the_latest_stands_and_the_earlier_stay_in_the_trail(register):
    say(register, public_interest="yes")
    say(register, public_interest="unclear", author="K. de Boer")
    say(register, "280530", public_interest="no")
    say(register, reporter="EU27", public_interest="no")
    standing = current(register, "NLD")
    assert [(j.product, j.answer) for j in standing] == [("280530", "no"), ("850511", "unclear")]
    assert [(j.answer, j.author) for j in trail(register, "850511", "NLD")] == [
        ("yes", "J. Jansen"),
        ("unclear", "K. de Boer"),
    ]
    assert [j.reporter for j in trail(register, "850511")] == ["NLD", "NLD", "EU27"]
    assert current(register, "FRA") == ()


def test_what_held_on_a_day(register):
    record(register, "NLD", "850511", {"public_interest": "no"}, author="a", reason="r", valid_from="2026-01-01")
    record(register, "NLD", "850511", {"public_interest": "yes"}, author="a", reason="r", valid_from="2026-06-01")
    assert [j.answer for j in current(register, "NLD", as_of="2026-05-31")] == ["no"]
    assert [j.answer for j in current(register, "NLD", as_of="2026-06-01")] == ["yes"]


@pytest.mark.parametrize(
    ("reporter", "product", "answers"),
    [
        ("NLD", "850511", {}),
        ("NLD", "850511", {"important": "yes"}),
        ("NLD", "850511", {"public_interest": "maybe"}),
        ("NLD", "850511", {"public_interest": "yes", "short_term_replaceable": "Yes"}),
        ("nld", "850511", {"public_interest": "yes"}),
        ("NLD/x", "850511", {"public_interest": "yes"}),
        ("NLD", "85/0511", {"public_interest": "yes"}),
        ("NLD", "", {"public_interest": "yes"}),
        ("NLD", "10121", {"public_interest": "yes"}),
    ],
)
def test_what_is_no_judgement_is_refused_whole(register, reporter, product, answers):
    with pytest.raises(InputError):
        record(register, reporter, product, answers, author="a", reason="r")
    assert register.events() == ()


def test_a_lost_leading_zero_is_named(register):
    with pytest.raises(InputError) as caught:
        say(register, "10121", public_interest="yes")
    assert "010121" in caught.value.remedy


def test_every_combination_by_hand():
    # verdict, public interest, replaceable -> status; a failed condition decides, an unknown one keeps it open
    for verdict, public, replaceable in itertools.product((True, False, None), (None, *ANSWERS), (None, *ANSWERS)):
        standing = strategic({"p": verdict}, judged("p", public, replaceable))["p"]
        if verdict is False or public == "no" or replaceable == "yes":
            wanted = "not strategic"
        elif (verdict, public, replaceable) == (True, "yes", "no"):
            wanted = "strategic"
        else:
            wanted = "open"
        assert standing.status == wanted, (verdict, public, replaceable)


def test_reasons_name_what_decides_or_what_is_open():
    def reasons(verdict, *answers):
        return strategic({"p": verdict}, judged("p", *answers))["p"].reasons

    assert reasons(True) == ("public_interest:unanswered", "short_term_replaceable:unanswered")
    assert reasons(True, "yes", "unclear") == ("short_term_replaceable:unclear",)
    assert reasons(None, "yes", "no") == ("dependent:unknown",)
    assert reasons(False, "no", None) == ("dependent:no", "public_interest:no")
    assert reasons(True, "yes", "no") == ("dependent:yes", "public_interest:yes", "short_term_replaceable:no")


def test_sentences_in_both_languages():
    standing = strategic({"p": True}, judged("p", "yes", None))["p"]
    assert standing.sentence("en") == "open (replaceable in the short term: unanswered)"
    assert standing.sentence("nl") == "open (op korte termijn vervangbaar: onbeantwoord)"


def test_a_judged_product_outside_the_screen_is_shown_as_open():
    found = strategic({"850511": True}, judged("85051110", "yes", "no"))
    assert found["85051110"].status == "open"
    assert found["85051110"].reasons == ("dependent:unknown",)


def test_of_several_answers_the_last_recorded_counts_in_any_order():
    answers = [*judged("p", "yes", "no", seq=1), *judged("p", "no", seq=3), *judged("p", "yes", seq=7)]
    for order in itertools.permutations(answers):
        assert strategic({"p": True}, order)["p"].status == "strategic"


def test_judgements_of_two_reporters_are_not_mixed():
    with pytest.raises(InputError, match="EU27, NLD"):
        strategic({}, [*judged("p", "yes"), *judged("p", "yes", reporter="EU27")])


@given(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from([True, False, None])),
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(QUESTIONS), st.sampled_from(ANSWERS)), max_size=8),
)
def test_no_product_is_silently_in_or_out(verdicts, answers):
    told = [
        Judgement("NLD", product, question, answer, "a", "r", "2026-01-01", "", seq, "")
        for seq, (product, question, answer) in enumerate(answers)
    ]
    found = strategic(verdicts, told)
    assert set(found) == set(verdicts) | {j.product for j in told}
    for product, standing in found.items():
        last = {j.question: j.answer for j in told if j.product == product}
        sure = verdicts.get(product) is True and last == {"public_interest": "yes", "short_term_replaceable": "no"}
        assert (standing.status == "strategic") == sure
        assert standing.reasons
        assert {j.question: j.answer for j in standing.judgements} == last
