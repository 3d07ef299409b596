"""Backup and restore: one file with the whole database, consistent, from a running system.

The file is a tar of `database.dump` (pg_dump's custom format, one snapshot) and, beside the embedded database, `keys.toml`,
without which the contact details in the dump stay sealed. So whoever holds the file can read everything: it is written
readable by its owner only. In production the keys live apart and are not in it.
"""

import io
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings

from palauteketju.organisation.models import Unit
from palauteketju.privacy.encryption import KeyRing
from palauteketju.project import keys, postgres_binaries
from palauteketju.project.commands import Refused

_DUMP, _KEYS = "database.dump", "keys.toml"


def backup(file: Path) -> int:
    """Write the backup and return its size in bytes; a crash leaves no half file under its name."""
    if file.exists():
        raise Refused(f"{file} exists already; a backup is never written over.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            dump = Path(folder) / _DUMP
            _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={dump}", _url())
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                with tarfile.open(fileobj=stream, mode="w") as tar:
                    tar.add(dump, arcname=_DUMP)
                    if not settings.IS_PRODUCTION:
                        _add(tar, _KEYS, settings.KEY_RING.dump().encode())
                stream.flush()
                os.fsync(stream.fileno())
            draft.rename(file)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def restore(file: Path) -> None:
    """Put a backup into an empty system. Raises Refused when this one holds an organisation, or the file is no backup."""
    if Unit.objects.exists():
        raise Refused("This system is not empty; a backup is only restored into an empty one.")
    try:
        with tarfile.open(file) as tar, tempfile.TemporaryDirectory() as folder:
            names = tar.getnames()
            if _DUMP not in names:
                raise Refused(f"{file} is not a backup of this program.")
            tar.extractall(folder, members=[tar.getmember(_DUMP)], filter="data")
            _run(
                "pg_restore",
                "--clean",
                "--if-exists",
                "--no-owner",
                "--no-acl",
                "--single-transaction",
                "--exit-on-error",
                f"--dbname={_url()}",
                str(Path(folder) / _DUMP),
            )
            if _KEYS in names and not settings.IS_PRODUCTION:
                _take_keys(tar)
    except (OSError, tarfile.TarError) as error:
        raise Refused(f"{file} cannot be read as a backup: {error}.") from error


def _take_keys(tar: tarfile.TarFile) -> None:
    member = tar.extractfile(_KEYS)
    if member is None:
        raise Refused("The keys in the backup cannot be read.")
    ring = KeyRing.load(member.read().decode())
    own = Path(settings.DATA_DIR) / _KEYS
    own.unlink(missing_ok=True)
    keys.write(own, ring)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _url() -> str:
    return os.environ["DATABASE_URL"]


def _run(program: str, *arguments: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        major = int(cursor.fetchone()[0]) // 10000
    connection.close()
    done = subprocess.run(
        [postgres_binaries.find(major)[program], *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        # The first line names the cause; the rest might quote rows.
        raise Refused(f"{program} failed: {(done.stderr.strip().splitlines() or ['no message'])[0]}")
