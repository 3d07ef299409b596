"""The embedded database: a real PostgreSQL in the data folder, shared by the processes that use that folder.

    <data>/postgres          the database; only its account may enter (there is no password: this is the protection)
    <data>/postgres.lock     held while a server is made, started or stopped
    <data>/postgres.users    held, shared, by every process that uses the server; the last one stops it
    <data>/log/postgres.log  the server's own events, without anything people wrote

No Django here: settings need the address this gives.
"""

import atexit
import contextlib
import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from palauteketju.project.postgres_account import refuse_another_accounts
from palauteketju.project.postgres_binaries import Binaries, DatabaseUnavailable
from palauteketju.project.postgres_server import Server

__all__ = ["Database", "DatabaseUnavailable", "database_for", "start"]

# A first start takes a second; one that recovers after a crash may take minutes.
SECONDS_TO_WAIT_FOR_ANOTHER_START = 200


class Database:
    """A running database that this process uses until `stop`, or until it ends."""

    def __init__(self, server: Server, users: int, binaries: Binaries, *, is_tied: bool) -> None:
        self.url = server.url()
        # pg_dump, psql and the rest, of the server's own version.
        self.binaries = binaries
        self._server = server
        self._users = users
        self._is_tied = is_tied
        self._process = os.getpid()
        self._leaving = threading.Lock()
        self._has_left = False
        atexit.register(self.stop)

    def stop(self) -> None:
        """Leave the database; the last process to leave stops the server. A second time, nothing happens.

        A server tied to this process is stopped in any case: it could not outlive the process.
        """
        with self._leaving:
            # A forked child must not end what its parent uses.
            if self._has_left or os.getpid() != self._process:
                return
            self._has_left = True
        atexit.unregister(self.stop)
        with _sentences_for(self._server.data), _locked(self._server.data):
            try:
                if self._is_last() or self._is_tied:
                    self._server.stop()
            finally:
                os.close(self._users)

    def _is_last(self) -> bool:
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def start(data: Path, *, tie_to_parent: bool = False, settings: Mapping[str, str] | None = None) -> Database:
    """Return the database in the data folder: made, started or, where one runs already, joined.

    With `tie_to_parent` a server started here ends with this process, even by SIGKILL; more exactly with the calling
    thread, so call it from the main thread. `settings` are PostgreSQL's own, for a server started here.
    Raises `DatabaseUnavailable` with one sentence for people.
    """
    settings = settings or {}
    data = data.absolute()
    with _sentences_for(data):
        data.mkdir(parents=True, exist_ok=True)
        server = Server(data.resolve())
        refuse_another_accounts(server.folder)
        with _locked(server.data) as lock:
            users = os.open(server.data / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                binaries = _run(server, lock=lock, tie_to_parent=tie_to_parent, settings=settings)
            except BaseException:
                os.close(users)
                raise
    return Database(server, users, binaries, is_tied=tie_to_parent and server.launched is not None)


def _run(server: Server, *, lock: int, tie_to_parent: bool, settings: Mapping[str, str]) -> Binaries:
    binaries = server.binaries()
    if not (server.folder / "PG_VERSION").exists():
        server.make_folder(binaries, lock=lock, settings=settings)
    if not server.await_answer():
        server.launch(binaries, tie_to_parent=tie_to_parent, settings=settings)
    try:
        server.make_database()
    except BaseException:
        if server.launched:
            server.stop()
        raise
    return binaries


@contextlib.contextmanager
def database_for(data: Path) -> Iterator[str]:
    """Give the database's address: `DATABASE_URL` where it is set, else the embedded one, left again at the end."""
    url = os.environ.get("DATABASE_URL")
    if url:
        yield url
        return
    database = start(data)
    try:
        yield database.url
    finally:
        database.stop()


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[int]:
    """Hold the folder's lock. Waits for another process that is starting or stopping the database."""
    descriptor = os.open(data / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + SECONDS_TO_WAIT_FOR_ANOTHER_START
        while not _takes(descriptor):
            if time.monotonic() > until:
                raise DatabaseUnavailable(
                    f"Another process has been starting or stopping the database in {data} for "
                    f"{SECONDS_TO_WAIT_FOR_ANOTHER_START} seconds: end it, then try again."
                )
            time.sleep(0.05)
        yield descriptor
    finally:
        os.close(descriptor)


def _takes(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _sentences_for(data: Path) -> Iterator[None]:
    """Turn what the operating system or PostgreSQL refuses into one sentence."""
    try:
        yield
    except OSError as error:
        place = error.filename or data
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DatabaseUnavailable(
                f"The disk is full: there is no room for the database in {data}."
            ) from error
        if error.errno == errno.EROFS:
            raise DatabaseUnavailable(
                f"{data} is on a read-only disk: choose another data folder."
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM}:
            raise DatabaseUnavailable(
                f"{place} may not be written by this account: change its permissions, or choose another data folder."
            ) from error
        if error.errno in {errno.ENOTDIR, errno.EEXIST}:
            raise DatabaseUnavailable(
                f"{data} cannot be a data folder, because it or a folder above it is a file: choose another one."
            ) from error
        raise DatabaseUnavailable(
            f"The data folder {data} cannot be used ({error.strerror}): choose another one."
        ) from error
    except psycopg.Error as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DatabaseUnavailable(f"The database in {data} started but refused to work: {reason}.") from error
