"""Receipt codes: "1234 5678 9012 3456"."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.privacy import receipts
from palauteketju.privacy.encryption import KeyRing

KEYS = KeyRing({"1": b"1" * 32}, lookup=b"l" * 32)
NONCE = UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")


def test_it_works():
    code = receipts.derive(NONCE, keys=KEYS)

    assert re.fullmatch(r"[0-9]{4}( [0-9]{4}){3}", code)
    assert receipts.normalise(code) == code


def test_the_same_form_sent_twice_gets_the_same_code():
    assert receipts.derive(NONCE, keys=KEYS) == receipts.derive(NONCE, keys=KEYS)


def test_rotation_of_the_keys_changes_no_code():
    assert receipts.derive(NONCE, keys=KEYS.rotated()) == receipts.derive(NONCE, keys=KEYS)


def test_the_code_stays_what_it_is_in_every_version():
    assert receipts.derive(NONCE, keys=KEYS) == "9213 1596 5172 6968"


def test_each_attempt_gives_another_code():
    assert len({receipts.derive(NONCE, keys=KEYS, attempt=attempt) for attempt in range(20)}) == 20


def test_without_the_ring_a_nonce_does_not_tell_its_code():
    assert receipts.derive(NONCE, keys=KeyRing.generate()) != receipts.derive(NONCE, keys=KEYS)


@given(st.uuids())
def test_every_code_is_a_code(nonce):
    code = receipts.derive(nonce, keys=KEYS)

    assert receipts.normalise(code) == code


def test_codes_are_spread_evenly():
    first_digits = [receipts.derive(UUID(int=number), keys=KEYS)[0] for number in range(2000)]

    assert all(150 < first_digits.count(digit) < 250 for digit in "0123456789")


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890123456",
        "1234-5678-9012-3456",
        "  1234 5678\t9012 3456\n",
        "1234\u00a05678\u202f9012\u20093456",
        "1234\u20135678\u20119012\u22123456",
        "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6",
        "\ufeff1234\u200b567890123456",
    ],
)
def test_spaces_and_dashes_do_not_matter(typed):
    assert receipts.normalise(typed) == "1234 5678 9012 3456"
    assert receipts.fingerprint(typed, KEYS) == receipts.fingerprint("1234 5678 9012 3456", KEYS)


@pytest.mark.parametrize(
    "typed",
    ["", "1234", "1234 5678 9012 345", "1234 5678 9012 34567", "1234 5678 9012 345O", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦"],
)
def test_what_is_not_sixteen_digits_is_no_code(typed):
    assert receipts.normalise(typed) is None


@given(st.text())
def test_whatever_is_typed_gives_a_code_or_none(typed):
    code = receipts.normalise(typed)

    assert code is None or receipts.normalise(code) == code


def test_another_code_has_another_fingerprint():
    assert receipts.fingerprint("1234 5678 9012 3456", KEYS) != receipts.fingerprint(
        "1234 5678 9012 3457", KEYS
    )


def test_a_fingerprint_of_no_code_is_refused_without_repeating_it():
    with pytest.raises(ValueError, match="not a receipt code") as refusal:
        receipts.fingerprint("my secret 123", KEYS)

    assert "secret" not in str(refusal.value)
