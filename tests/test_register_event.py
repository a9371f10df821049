"""Is what goes into an event plain text and plain JSON?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register_sample import add
from schakel.errors import InputError, SchakelError
from schakel.register import Register
from schakel.register.event import GENESIS, Entry, canonical, chain_hash


@pytest.fixture
def register(tmp_path):
    with Register(tmp_path / "register.sqlite") as opened:
        yield opened


def test_the_hash_of_known_fields_never_changes():
    made = Entry("judgement", "NLD/850511", '{"a":1}', "J. Jansen", "omdat é", "2026-01-01")
    digest = chain_hash(1, "E-1", made, "2026-01-02T03:04:05.000006Z", GENESIS)
    assert digest == "e0d2656be78051fca07e8d6224ad6e866c727b97c1d033c078dde93d55528136"  # by sha256sum


@pytest.mark.parametrize(
    "payload", [{"a": float("nan")}, {1: "a"}, {"a": (1, 2)}, {"a": {1}}, {"a": "\ud800"}, {"a": "x" * 200_000}]
)
def test_payloads_that_are_no_plain_json(register, payload):
    with pytest.raises(InputError, match="payload"):
        add(register, payload=payload)
    assert register.events() == ()


@pytest.mark.parametrize("field", ["author", "reason"])
@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b", "a\nb", "a\x00b", "\x1b[31mred", "a\u202eb", "a\u2028b", "\ud800", "x" * 3000]
)
def test_author_and_reason_are_plain_lines(register, field, text):
    with pytest.raises(InputError, match=field):
        add(register, **{field: text})
    assert register.events() == ()


def test_author_and_reason_are_trimmed_and_composed(register):
    event = add(register, author="  Zoe\u0308 de Vries ", reason=" 'quotes'; DROP TABLE events; -- ")
    assert event.author == "Zoë de Vries"
    assert event.reason == "'quotes'; DROP TABLE events; --"
    register.verify()


@pytest.mark.parametrize("day", ["", "2026-02-30", "22-11-2026"])
def test_a_date_that_is_none(register, day):
    with pytest.raises(InputError, match="date"):
        add(register, valid_from=day)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_canonical_json_has_one_text_for_one_content(payload):
    try:
        text = canonical(payload)
    except SchakelError:
        assert any(0xD800 <= ord(c) <= 0xDFFF for c in repr(payload).encode().decode("unicode_escape"))
        return
    assert canonical(dict(reversed(payload.items()))) == text
