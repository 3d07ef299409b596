"""Sealing what must be read again (contact details, phone numbers), and hashing what must only be found again.

Sealed: AES-256-GCM. A sealed value is

    1 byte version | 1 byte length of the key id | key id | 12 bytes nonce | ciphertext and tag

and everything before the nonce, with the context, is its associated data: a value copied to another row or column,
or said to be sealed with another key, does not open.

Rotation: `rotated()` puts a new key first. From then on everything is sealed with it, and what is older opens as
long as its key stays in the ring. Sealed values live only as long as their retention rule lets them, so a key may be
taken out of the file once the longest of those times has passed since it stopped being the first. Random nonces are
safe for 2^32 values under one key (NIST SP 800-38D, 8.3): rotate long before that.

The lookup secret is apart from the keys and never rotates: fingerprints made with it are stored, and with another
secret a receipt code or an opt-out would not be found any more.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import tomllib
from collections.abc import Mapping
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
SECRET_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16

KEY_ID = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)

FILE_HEADER = """\
# The keys of Palauteketju. Whoever has this file and the database can read sealed contact details and phone numbers;
# without it nobody can. Keep a copy of it in a safe place, apart from the backups of the database.
# The first key seals, the others only open. The lookup secret must never change.
"""


class BadKeyFile(Exception):
    """The ring cannot be used. The message says what to mend and never shows a secret."""


class CannotOpen(Exception):
    """Unknown key, wrong context or a changed value: it cannot be told which of the last two."""


class KeyRing:
    """The keys by their id, the newest first, and the lookup secret; each secret is 32 bytes."""

    def __init__(self, keys: Mapping[str, bytes], *, lookup: bytes) -> None:
        if not keys:
            raise BadKeyFile("There is no key.")
        for key_id, key in keys.items():
            if not KEY_ID.fullmatch(key_id):
                raise BadKeyFile("A key id is 1 to 32 of the characters a-z, 0-9 and -.")
            if len(key) != SECRET_BYTES:
                raise BadKeyFile(f"Key {key_id} has {len(key)} bytes and not {SECRET_BYTES}.")
        if len(lookup) != SECRET_BYTES:
            raise BadKeyFile(f"The lookup secret has {len(lookup)} bytes and not {SECRET_BYTES}.")
        if len({lookup, *keys.values()}) <= len(keys):
            raise BadKeyFile("The same secret is there twice.")
        self._keys = dict(keys)
        self._lookup = lookup
        self._subkeys: dict[str, bytes] = {}

    @classmethod
    def generate(cls) -> Self:
        """A new ring with one key. What another ring sealed stays closed to it."""
        return cls({"1": secrets.token_bytes(SECRET_BYTES)}, lookup=secrets.token_bytes(SECRET_BYTES))

    @classmethod
    def load(cls, text: str) -> Self:
        """The ring in the text of a key file, as `dump` writes it. BadKeyFile says what is wrong with it."""
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            # The parser's own message quotes the text, which may be a key.
            raise BadKeyFile("It is not a TOML file.") from None
        entries = content.get("keys")
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise BadKeyFile("Each key begins with the line [[keys]].")
        keys: dict[str, bytes] = {}
        for number, entry in enumerate(entries, start=1):
            key_id = entry.get("id")
            if not isinstance(key_id, str):
                raise BadKeyFile(f"Key {number} of the file has no id.")
            if key_id in keys:
                raise BadKeyFile(f"There are two keys {key_id!r}.")
            keys[key_id] = _secret(entry.get("secret"), f"The secret of key {number} of the file")
        return cls(keys, lookup=_secret(content.get("lookup"), "The lookup secret"))

    def dump(self) -> str:
        """The text of a key file. It holds the secrets: write it where only its owner reads."""
        entries = [
            f'\n[[keys]]\nid = "{key_id}"\nsecret = "{base64.b64encode(key).decode()}"\n'
            for key_id, key in self._keys.items()
        ]
        return f'{FILE_HEADER}\nlookup = "{base64.b64encode(self._lookup).decode()}"\n{"".join(entries)}'

    def rotated(self) -> Self:
        """The same ring with a new key first; see the rotation above."""
        numbers = [int(key_id) for key_id in self._keys if key_id.isdecimal()]
        new_id = str(max(numbers, default=0) + 1)
        return type(self)({new_id: secrets.token_bytes(SECRET_BYTES), **self._keys}, lookup=self._lookup)

    def seal(self, plaintext: str, *, context: str) -> bytes:
        """Seal with the newest key. `context` names the row it belongs to, such as "intake_contact:<uuid>"."""
        key_id, key = next(iter(self._keys.items()))
        header = bytes([VERSION, len(key_id)]) + key_id.encode()
        nonce = secrets.token_bytes(NONCE_BYTES)
        return header + nonce + AESGCM(key).encrypt(nonce, _encoded(plaintext), header + _encoded(context))

    def open(self, sealed: bytes, *, context: str) -> str:
        """What was sealed for this context; CannotOpen when it was not, or not with a key of this ring."""
        if len(sealed) < 2 or sealed[0] != VERSION:
            raise CannotOpen("This is not a sealed value of a known version.")
        header, rest = sealed[: 2 + sealed[1]], sealed[2 + sealed[1] :]
        key = self._keys.get(header[2:].decode("latin-1"))
        if key is None:
            raise CannotOpen("It was sealed with a key that is not in the ring.")
        if len(rest) < NONCE_BYTES + TAG_BYTES:
            raise CannotOpen("The sealed value is cut short.")
        nonce, ciphertext = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        try:
            plaintext = AESGCM(key).decrypt(nonce, ciphertext, header + _encoded(context))
        except InvalidTag:
            raise CannotOpen("The sealed value was changed or belongs to another place.") from None
        return plaintext.decode("utf-8", "surrogatepass")

    def fingerprint(self, value: str, *, purpose: str) -> bytes:
        """32 bytes by which the value is found again: HMAC-SHA256 with a subkey of the lookup secret for the purpose.

        The same through every rotation. The caller gives the value one form first: "040 123" and "040123" differ.
        Fingerprints of one value for two purposes cannot be joined without the ring. Whoever has the ring can try
        all phone numbers, so a fingerprint is personal data and has its own retention.
        """
        subkey = self._subkeys.get(purpose)
        if subkey is None:
            # Each form asks for several: deriving them anew took a tenth of its time.
            info = b"palauteketju fingerprint\0" + _encoded(purpose)
            subkey = HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(self._lookup)
            self._subkeys[purpose] = subkey
        return hmac.digest(subkey, _encoded(value), hashlib.sha256)


def _encoded(text: str) -> bytes:
    # JSON may carry half a character ("\ud83d"): it is kept as it came, since refusing it here would lose what was sent.
    return text.encode("utf-8", "surrogatepass")


def _secret(text: object, name: str) -> bytes:
    if not isinstance(text, str):
        raise BadKeyFile(f"{name} is missing.")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadKeyFile(f"{name} is not base64.") from None
