"""Where the key file comes from.

The key ring seals contact details and phone numbers and makes receipt codes; without it they are lost. In
production (`DATABASE_URL` is set) it must be given, because a key made silently on one of several machines would
seal what the others cannot open. Beside the embedded database it is made on first use, readable by its owner only.
"""

import os
from pathlib import Path

from palauteketju.privacy.encryption import BadKeyFile, KeyRing
from palauteketju.project import environment


def load(data: Path, *, production: bool) -> KeyRing:
    """The ring from PALAUTEKETJU_KEYS, PALAUTEKETJU_KEYS_FILE or the data folder; BadEnvironment when there is none."""
    try:
        if given := environment.text("PALAUTEKETJU_KEYS", ""):
            return KeyRing.load(given)
        file = data / "keys.toml"
        if not file.exists():
            if production:
                raise environment.BadEnvironment(
                    "There is no key: set PALAUTEKETJU_KEYS_FILE to a file made with `palauteketju make-keys`. "
                    "Keep a copy of it apart from the database backups."
                )
            write(file, KeyRing.generate())
        return KeyRing.load(file.read_text(encoding="utf-8"))
    except BadKeyFile as error:
        raise environment.BadEnvironment(f"The key file cannot be used: {error}") from error
    except OSError as error:
        raise environment.BadEnvironment(
            f"The key file in {data} cannot be used: {error.strerror}."
        ) from error


def write(file: Path, ring: KeyRing) -> None:
    """Write the ring so that a crash leaves either no file or a whole one, and an existing one is never replaced."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(ring.dump())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        # link() fails when another process was first: its key stands, ours is thrown away.
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
