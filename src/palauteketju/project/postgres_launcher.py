"""Runs one PostgreSQL program as the account given, which is what PostgreSQL asks for: it refuses to run as root.

Started as a program of its own, so that nothing of this happens between fork and exec of a process with threads:

    python postgres_launcher.py UID GID PARENT-PID DATA-FOLDER PROGRAM ARGUMENTS…

A UID of -1 keeps the account. A PARENT-PID other than 0 ends PROGRAM, with a fast shutdown, when that parent ends.
Nothing but the standard library is imported here: it is started without site-packages.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

# Exit statuses of sysexits.h.
EX_NOPERM = 77

# linux/prctl.h, linux/capability.h, linux/securebits.h
PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAP_SETPCAP = 8
CAPABILITY_VERSION_3 = 0x20080522


class CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class CapabilitySets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def main(arguments: list[str]) -> None:
    """Become the program asked for. Comes back only by an exception, or with a sentence on stderr."""
    uid, gid, parent = (int(argument) for argument in arguments[:3])
    data, command = Path(arguments[3]), arguments[4:]
    os.umask(0o077)
    # The server's own folder need not be searchable from where we stand, and no folder may stay busy because of us.
    os.chdir("/")
    if uid != -1:
        _become(uid, gid)
        _reach(data, Path(command[0]))
    if parent:
        _end_with(parent)
    os.execv(command[0], command)  # noqa: S606 - becoming that program, without a shell, is what this is for


def _become(uid: int, gid: int) -> None:
    """Change to the account for good, keeping for a moment the right to take a capability along."""
    try:
        _prctl(PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        _refuse(
            f"PostgreSQL refuses to run as root, and changing to account number {uid} is not allowed here "
            f"({error.strerror}): run this as an ordinary user, or set DATABASE_URL."
        )


def _reach(data: Path, program: Path) -> None:
    """Take along the smallest right with which the account reaches its files below root's private folders.

    A data folder or an installation below /root or a `mktemp -d` of root cannot be searched by another account, and
    opening root's folders to everybody would be worse. No right is taken where none is needed.
    """
    permitted = _permitted_capabilities()
    for capability in (0, 1 << CAP_DAC_READ_SEARCH, 1 << CAP_DAC_OVERRIDE):
        if capability & ~permitted:
            continue
        if capability:
            _use(capability, permitted)
        if os.access(data, os.R_OK | os.W_OK | os.X_OK) and os.access(program, os.R_OK | os.X_OK):
            if capability:
                _keep_only(capability)
            return
    _refuse(
        f"The account that PostgreSQL runs as (number {os.getuid()}) cannot reach {data} or {program}: choose a data "
        "folder and an installation folder that every account may pass through, or run this as an ordinary user."
    )


def _use(capability: int, permitted: int) -> None:
    """Put the capability in force, for access(2) too.

    access(2) leaves the capabilities of an ordinary user out of account, and PostgreSQL looks for its own files with
    it. The securebit turns that off; where it may not be set, the look at the files that follows says no.
    """
    _set_capabilities(
        effective=capability | permitted & 1 << CAP_SETPCAP, permitted=permitted, inheritable=capability
    )
    with contextlib.suppress(OSError):
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)


def _keep_only(capability: int) -> None:
    """Keep this capability through exec, and no other."""
    _set_capabilities(effective=capability, permitted=capability, inheritable=capability)
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability.bit_length() - 1)


def _permitted_capabilities() -> int:
    header, sets = CapabilityHeader(CAPABILITY_VERSION_3, 0), (CapabilitySets * 2)()
    _checked(_libc().capget(ctypes.byref(header), ctypes.byref(sets)))
    # Two words of 32 capabilities; all of ours are in the first.
    return int(sets[0].permitted)


def _set_capabilities(*, effective: int, permitted: int, inheritable: int) -> None:
    header = CapabilityHeader(CAPABILITY_VERSION_3, 0)
    sets = (CapabilitySets * 2)(CapabilitySets(effective, permitted, inheritable))
    _checked(_libc().capset(ctypes.byref(header), ctypes.byref(sets)))


def _end_with(parent: int) -> None:
    """Have the kernel stop us when the parent's thread that started us ends, however it ends.

    Asked for after the change of account, which would clear it.
    """
    _prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:
        sys.exit(f"The parent process {parent} ended first.")


def _prctl(option: int, first: int, second: int = 0) -> None:
    arguments = [ctypes.c_ulong(value) for value in (first, second, 0, 0)]
    _checked(_libc().prctl(option, *arguments))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _refuse(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(EX_NOPERM)


if __name__ == "__main__":
    main(sys.argv[1:])
