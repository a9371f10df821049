"""Are the texts that events rest on kept once, whole, and vouched for?"""

from __future__ import annotations

import hashlib

import pytest

from register_sample import add
from schakel.errors import InputError, IntegrityError, NotFoundError
from schakel.register import Register
from schakel.register.chain import HeadMovedError
from schakel.register.event import entry


@pytest.fixture
def register(place):
    with Register(place.address) as opened:
        yield opened


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def letter(text: str, key: str = "text_sha256"):
    return entry("letter", "L/1", {key: sha(text)}, author="a", reason="r")


@pytest.mark.parametrize("text", ["", "A letter.\r\nTwo lines.", "nul \x00, é, e\u0301, 😀, \u202e", "x" * 3_000_000])
def test_a_text_comes_back_as_it_went_in(register, text):
    register.append_all([letter(text)], [text])
    assert register.text(sha(text)) == text
    register.verify()


def test_a_text_is_kept_once(register):
    for _ in range(2):
        register.append_all([letter("same"), letter("same")], ["same", "same"])
    assert register.size() == (4, 1)
    register.append_all([letter("same")])  # it is here already
    register.verify()


def test_an_unknown_text(register):
    for _ in range(2):
        with pytest.raises(NotFoundError, match="no such text"):
            register.text(sha("other"))
        add(register)


def test_a_text_that_no_event_names_is_refused(register):
    with pytest.raises(InputError, match="no event names"):
        register.append_all([letter("one")], ["one", "two"])
    assert register.size() == (0, 0)


def test_an_event_cannot_name_a_text_that_is_not_here(register):
    with pytest.raises(InputError, match="not in the register"):
        register.append_all([letter("one")])
    assert register.events() == ()
    register.append_all([letter("one", key="file_sha256")])  # of a file, not of a text kept here
    register.verify()


def test_text_and_event_come_together_or_not_at_all(register):
    with pytest.raises(AttributeError):
        register.append_all([letter("one"), None], [])
    with pytest.raises(HeadMovedError):
        register.append_all([letter("one")], ["one"], after="f" * 64)
    assert register.size() == (0, 0)


def test_a_text_that_is_too_long(register, monkeypatch):
    monkeypatch.setattr("schakel.register.texts.LONGEST_TEXT", 10)
    register.append_all([letter("ééééé")], ["ééééé"])
    with pytest.raises(InputError, match="12 bytes, more than 10"):
        register.append_all([letter("éééééé")], ["éééééé"])


def test_a_text_that_is_no_unicode(register):
    with pytest.raises(InputError, match="no Unicode"):
        register.append_all([letter("x")], ["a\ud800"])


def test_a_changed_text_is_named(register, place):
    register.append_all([letter("one"), letter("two")], ["one", "two"])
    other = {"sqlite": "'une'", "postgresql": "convert_to('une', 'UTF8')"}[place.kind]
    place.tamper(f"UPDATE texts SET text = {other} WHERE sha256 = '{sha('one')}'")
    with pytest.raises(IntegrityError, match="text does not agree") as caught:
        register.verify()
    assert sha("one") in caught.value.where
    with pytest.raises(IntegrityError, match="does not agree"):
        register.text(sha("one"))
    assert register.text(sha("two")) == "two"


def test_a_missing_text_is_named_with_the_event_that_needs_it(register, place):
    add(register)
    nested = entry("letter", "L/2", {"parts": [{"text_sha256": sha("deep")}]}, author="a", reason="r")
    event = register.append_all([nested], ["deep"])[0]
    place.tamper(f"DELETE FROM texts WHERE sha256 = '{sha('deep')}'")
    with pytest.raises(IntegrityError, match="text that event 2 names is missing") as caught:
        register.verify()
    assert event.id in caught.value.where


def test_words_in_a_payload_are_no_reference(register):
    quoted = f'he wrote "text_sha256":"{sha("x")}" in his letter'
    register.append("note", "a/1", {"quote": quoted}, author="a", reason="r")
    register.verify()
