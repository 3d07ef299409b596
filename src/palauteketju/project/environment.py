"""What the environment may say, read strictly: a misspelt word stops the start instead of meaning "no"."""

import os
from pathlib import Path
from urllib.parse import SplitResult, urlsplit


class BadEnvironment(Exception):
    """A setting is missing or says something it cannot mean; the message is one sentence for the administrator."""


def text(name: str, default: str | None = None) -> str:
    """The variable NAME, or the content of the file that NAME_FILE names (secrets are mounted as files)."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadEnvironment(
                f"{name}_FILE names {file}, which cannot be read: {error.strerror}."
            ) from error
    value = os.environ.get(name, default)
    if value is None:
        raise BadEnvironment(f"{name} is not set (docs/configuration.md tells what it is for).")
    return value


def boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    words = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
    if value.lower() not in words:
        raise BadEnvironment(f"{name} is {value!r}; it must be true or false.")
    return words[value.lower()]


def whole_number(name: str, default: int) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit():
        raise BadEnvironment(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


def one_of(name: str, words: tuple[str, ...], default: str) -> str:
    value = os.environ.get(name, default)
    if value not in words:
        raise BadEnvironment(f"{name} is {value!r}; it must be one of {', '.join(words)}.")
    return value


def public_address(name: str, default: str) -> str:
    """An http(s) address without a trailing slash; customers and texted links use it."""
    value = os.environ.get(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not _has_host(parts) or parts.path or parts.query:
        raise BadEnvironment(
            f"{name} is {value!r}; it must be an address such as https://palaute.example.fi."
        )
    return value


def smtp(name: str, default: str) -> dict[str, object]:
    """`smtp://user:password@host:port` (STARTTLS), `smtps://…` (TLS) or `smtp+plain://…` (no encryption, loopback)."""
    parts = urlsplit(text(name, default))
    if parts.scheme not in {"smtp", "smtps", "smtp+plain"} or not _has_host(parts):
        raise BadEnvironment(f"{name} must look like smtp://user:password@mail.example.fi:587.")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 587, "smtps": 465, "smtp+plain": 25}[parts.scheme],
        "EMAIL_HOST_USER": parts.username or "",
        "EMAIL_HOST_PASSWORD": parts.password or "",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _has_host(parts: SplitResult) -> bool:
    """A host and, where there is a port, one that exists."""
    try:
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
