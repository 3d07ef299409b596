"""Whom PostgreSQL runs as: ourselves, or where we are root, an account without rights."""

import contextlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from palauteketju.project.postgres_binaries import DatabaseUnavailable


@dataclass(frozen=True)
class Account:
    """The operating system's account a server runs as. A uid of -1 means: as ourselves."""

    uid: int
    gid: int


def account_for(folder: Path) -> Account:
    """Return whom a server of this folder runs as, and give the folder to that account where it is root's.

    PostgreSQL refuses root. A folder that an ordinary user made stays that user's.
    """
    refuse_another_accounts(folder)
    owner = folder.stat()
    if os.geteuid() != 0:
        return Account(-1, -1)
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    account = _service_account()
    try:
        for place in (folder, *folder.rglob("*")):
            os.chown(place, account.uid, account.gid, follow_symlinks=False)
    except PermissionError:
        raise DatabaseUnavailable(
            f"PostgreSQL refuses to run as root, and giving {folder} to the account {name_of(account.uid)} is "
            "not allowed here: run this as an ordinary user, or set DATABASE_URL."
        ) from None
    return account


def refuse_another_accounts(folder: Path) -> None:
    """Say whose database it is, where it is neither ours nor we are root."""
    if os.geteuid() == 0 or not folder.exists() or folder.stat().st_uid == os.geteuid():
        return
    raise DatabaseUnavailable(
        f"{folder} belongs to the account {name_of(folder.stat().st_uid)}: run this as root or as that account, "
        "or choose another data folder."
    )


def _service_account() -> Account:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    # The kernel's own number for nobody (/proc/sys/kernel/overflowuid).
    return Account(65534, 65534)


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
