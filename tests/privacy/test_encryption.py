"""Sealing, opening and fingerprints, and the file that holds the keys."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.privacy.encryption import BadKeyFile, CannotOpen, KeyRing

RING = KeyRing({"1": b"1" * 32}, lookup=b"l" * 32)
HERE = "intake_contact:5f3c"


def test_it_works():
    sealed = RING.seal("aino@example.fi", context=HERE)

    assert RING.open(sealed, context=HERE) == "aino@example.fi"
    assert b"aino" not in sealed


@given(st.text(), st.text())
def test_any_text_opens_as_it_was(plaintext, context):
    assert RING.open(RING.seal(plaintext, context=context), context=context) == plaintext


def test_half_a_character_is_kept_too():
    assert RING.open(RING.seal("kiitos \ud83d", context=HERE), context=HERE) == "kiitos \ud83d"


def test_the_same_text_is_never_sealed_the_same():
    assert len({RING.seal("040 123 4567", context=HERE) for _ in range(50)}) == 50


def test_the_sealed_value_has_the_documented_form():
    sealed = RING.seal("abc", context=HERE)

    assert sealed[:3] == b"\x01\x011"
    assert len(sealed) == 3 + 12 + 3 + 16


def test_a_value_moved_to_another_row_does_not_open():
    with pytest.raises(CannotOpen):
        RING.open(RING.seal("aino@example.fi", context=HERE), context="intake_contact:5f3d")


@given(st.data())
def test_a_value_changed_in_any_bit_does_not_open(data):
    sealed = bytearray(RING.seal("aino@example.fi", context=HERE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(CannotOpen):
        RING.open(bytes(sealed), context=HERE)


@given(st.data())
def test_a_value_cut_short_does_not_open(data):
    sealed = RING.seal("aino@example.fi", context=HERE)

    with pytest.raises(CannotOpen):
        RING.open(sealed[: data.draw(st.integers(0, len(sealed) - 1))], context=HERE)


@given(st.binary(max_size=80))
def test_whatever_is_no_sealed_value_does_not_open(junk):
    with pytest.raises(CannotOpen):
        RING.open(junk, context=HERE)


def test_another_ring_does_not_open_it():
    with pytest.raises(CannotOpen):
        KeyRing.generate().open(RING.seal("aino@example.fi", context=HERE), context=HERE)


def test_an_error_shows_neither_text_nor_key():
    sealed = RING.seal("aino@example.fi", context=HERE)

    with pytest.raises(CannotOpen) as refusal:
        RING.open(sealed, context="elsewhere")

    assert "aino" not in str(refusal.value)
    assert "1111" not in repr(RING)


def test_after_rotation_the_new_key_seals_and_the_old_one_still_opens():
    old = RING.seal("aino@example.fi", context=HERE)
    rotated = RING.rotated()
    new = rotated.seal("aino@example.fi", context=HERE)

    assert rotated.open(old, context=HERE) == "aino@example.fi"
    assert rotated.open(new, context=HERE) == "aino@example.fi"
    with pytest.raises(CannotOpen, match="not in the ring"):
        RING.open(new, context=HERE)


def test_a_key_taken_out_of_the_ring_opens_nothing_any_more():
    old = RING.seal("aino@example.fi", context=HERE)
    without = KeyRing({"2": b"2" * 32}, lookup=b"l" * 32)

    with pytest.raises(CannotOpen, match="not in the ring"):
        without.open(old, context=HERE)


def test_rotation_never_uses_an_id_again():
    ring = KeyRing({"7": b"7" * 32, "spare": b"s" * 32, "3": b"3" * 32}, lookup=b"l" * 32)

    assert ring.rotated().seal("", context=HERE)[2:3] == b"8"


def test_a_fingerprint_is_the_same_after_rotation():
    assert RING.rotated().fingerprint("x", purpose="receipt") == RING.fingerprint("x", purpose="receipt")


def test_a_fingerprint_stays_what_it_is_in_every_version():
    """Stored fingerprints must be found by later versions of the program."""
    expected = "6652316f5c00a17fdb1c5e8dc73563e39e65a70b49e57da3b3eebd0b3bce5578"

    assert RING.fingerprint("0401234567", purpose="opt-out").hex() == expected


def test_fingerprints_differ_by_value_purpose_and_ring():
    fingerprints = {
        RING.fingerprint("x", purpose="receipt"),
        RING.fingerprint("y", purpose="receipt"),
        RING.fingerprint("x", purpose="opt-out"),
        KeyRing.generate().fingerprint("x", purpose="receipt"),
    }

    assert {len(fingerprint) for fingerprint in fingerprints} == {32}
    assert len(fingerprints) == 4


def test_a_ring_is_the_same_after_dump_and_load():
    ring = KeyRing.generate().rotated()
    loaded = KeyRing.load(ring.dump())

    assert loaded.dump() == ring.dump()
    assert loaded.open(ring.seal("aino@example.fi", context=HERE), context=HERE) == "aino@example.fi"
    assert loaded.fingerprint("x", purpose="p") == ring.fingerprint("x", purpose="p")


def test_no_two_generated_rings_are_alike():
    assert KeyRing.generate().dump() != KeyRing.generate().dump()


GOOD = RING.dump()
SECRET = base64.b64encode(b"1" * 32).decode()
LOOKUP = base64.b64encode(b"l" * 32).decode()


@pytest.mark.parametrize(
    ("text", "what_is_wrong"),
    [
        ("", "[[keys]]"),
        ("not = a = key file", "not a TOML file"),
        ("keys = 5", "[[keys]]"),
        (f'lookup = "{LOOKUP}"\nkeys = []', "no key"),
        (GOOD.replace('id = "1"', ""), "has no id"),
        (GOOD.replace('id = "1"', "id = 1"), "has no id"),
        (GOOD.replace('id = "1"', 'id = "Ä"'), "key id"),
        (GOOD.replace(SECRET, SECRET[:-8]), "bytes and not 32"),
        (GOOD.replace(SECRET, "?" + SECRET), "not base64"),
        (GOOD.replace(SECRET, "ääkkösiä"), "not base64"),
        (GOOD.replace("secret =", "sekret ="), "secret of key 1 of the file is missing"),
        (GOOD.replace("lookup =", "look ="), "lookup secret is missing"),
        (GOOD.replace(LOOKUP, ""), "lookup secret has 0 bytes"),
        (GOOD.replace(LOOKUP, SECRET), "same secret"),
        (GOOD + f'[[keys]]\nid = "1"\nsecret = "{SECRET}"\n', "two keys '1'"),
        (GOOD + f'[[keys]]\nid = "2"\nsecret = "{SECRET}"\n', "same secret"),
    ],
)
def test_a_bad_key_file_says_what_is_wrong_and_shows_no_secret(text, what_is_wrong):
    with pytest.raises(BadKeyFile, match=re.escape(what_is_wrong)) as refusal:
        KeyRing.load(text)

    assert SECRET[:8] not in str(refusal.value)
    assert LOOKUP[:8] not in str(refusal.value)
