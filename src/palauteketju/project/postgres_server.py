"""One PostgreSQL server and its folder: making the folder, starting the server, stopping it.

Nothing here looks at other users of the same folder: the callers in `database` hold the folder's lock.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from palauteketju.project import postgres_binaries, postgres_launcher
from palauteketju.project.postgres_account import Account, account_for, name_of
from palauteketju.project.postgres_binaries import Binaries, DatabaseUnavailable

NAME = "palauteketju"
PORT = 5432

# sun_path of unix(7) holds 108 bytes, one of them the closing zero.
LONGEST_SOCKET_PATH = 107
SOCKET_FILE = f".s.PGSQL.{PORT}"

# After kill -9 of the server its last processes hold the shared memory for 2 to 3 seconds.
SECONDS_OF_TRYING_AGAIN = 10
# Recovery after a crash reads at most max_wal_size (1 GB) again.
SECONDS_TO_BE_READY = 180
SECONDS_TO_STOP = 60
BYTES_TO_START = 1_000_000

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "60",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "lc_messages": "C",
    # What people wrote must not reach the server's log. Errors quote values and whole rows, so they are not
    # logged here at all (`log` lets through only the server's own events); the program that made one hears of it.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}


class Server:
    """The server of one data folder. `launched` is its process id where this process started it, until it ends."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = data / "postgres"
        self.log = data / "log" / "postgres.log"
        self.sockets = _socket_folder(self.folder)
        self.launched: int | None = None

    def url(self, database: str = NAME) -> str:
        """Return the address, with the port, so that no PGPORT of the surroundings changes it."""
        return f"postgresql://{NAME}@:{PORT}/{database}?host={quote(str(self.sockets), safe='')}"

    def binaries(self) -> Binaries:
        """Return the programs of this folder's major version, or for a folder not made yet."""
        return postgres_binaries.find(self._major())

    def _major(self) -> int | None:
        try:
            return int((self.folder / "PG_VERSION").read_text().split(".")[0])
        except FileNotFoundError:
            return None
        except ValueError:
            raise DatabaseUnavailable(
                f"{self.folder / 'PG_VERSION'} holds no version number: the database folder is damaged; restore a "
                "backup into a new data folder."
            ) from None

    def is_answering(self) -> bool:
        """Whether a real connection reaches a server of this very folder."""
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=5) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.Error:
            return False
        return row is not None and Path(row[0]).exists() and Path(row[0]).samefile(self.folder)

    def postmaster(self) -> int | None:
        """Return the process id of the living server of this folder.

        The pid file alone proves nothing: after a crash, or in a copied folder, its number belongs to somebody else.
        """
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
            return pid if self._is_served_by(Path("/proc", str(pid))) else None
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None

    def _is_served_by(self, process: Path) -> bool:
        try:
            # A server's working folder is its data folder.
            return (process / "cwd").samefile(self.folder)
        except PermissionError:
            # Root in a container often may not look at other accounts' processes; their command lines are open to all.
            words = (process / "cmdline").read_bytes().split(b"\0")
            return words[1:3] == [b"-D", os.fsencode(self.folder)]

    def make_folder(self, binaries: Binaries, *, lock: int, settings: Mapping[str, str]) -> None:
        """Make the database folder, whole or not at all: under another name until it is complete.

        `lock` is inherited by initdb, so that a new start waits for an initdb whose parent was killed.
        """
        if self.folder.exists() and any(self.folder.iterdir()):
            raise DatabaseUnavailable(
                f"{self.folder} holds something other than a database: move it away, or choose another data folder."
            )
        unfinished = self.data / "postgres.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        account = account_for(unfinished)
        command = [binaries["initdb"], "--pgdata", str(unfinished), "--username", NAME, "--data-checksums"]
        command += ["--encoding=UTF8", f"--locale={_locale()}", "--auth-local=trust", "--auth-host=reject"]
        if settings.get("fsync") == "off":
            command.append("--no-sync")
        done = subprocess.run(
            _as_account(account, command, unfinished),
            env=_environment(),
            pass_fds=[lock],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise DatabaseUnavailable(_why(done.stderr, self.data))
        unfinished.rename(self.folder)
        _sync(self.data)

    def launch(self, binaries: Binaries, *, tie_to_parent: bool, settings: Mapping[str, str]) -> None:
        """Start the server and wait until it answers. Raises `DatabaseUnavailable` with the reason."""
        account = account_for(self.folder)
        _prepare_sockets(self.sockets, self.folder, account)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        trying_until = time.monotonic() + SECONDS_OF_TRYING_AGAIN
        while True:
            self._disown_pid_files()
            beginning = self._spawn(
                _as_account(account, self._command(binaries, settings), self.folder, tied=tie_to_parent)
            )
            if self._becomes_ready():
                return
            reason = _text_from(self.log, beginning)
            if not _is_passing(reason) or time.monotonic() > trying_until:
                raise DatabaseUnavailable(_why(reason, self.data))
            time.sleep(0.3)

    def _spawn(self, command: list[str]) -> int:
        """Start the server and return where in the log it begins to write.

        Not by `subprocess`, whose processes may not be left running. In a session of its own: Ctrl-C in the terminal
        stops the program, and the program then stops its database.
        """
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            beginning = os.fstat(log).st_size
            self.launched = os.posix_spawn(
                command[0],
                command,
                _environment(),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, log, 1),
                    (os.POSIX_SPAWN_DUP2, log, 2),
                ],
                setsid=True,
            )
            return beginning
        finally:
            os.close(log)

    def _command(self, binaries: Binaries, settings: Mapping[str, str]) -> list[str]:
        own = {"unix_socket_directories": _quoted(self.sockets), "unix_socket_permissions": "0700"}
        options = [f"--{name}={value}" for name, value in {**SETTINGS, **own, **settings}.items()]
        return [binaries["postgres"], "-D", str(self.folder), *options]

    def _becomes_ready(self) -> bool:
        """Whether it answers before it ends by itself."""
        until = time.monotonic() + SECONDS_TO_BE_READY
        while not self._has_ended():
            if self.is_answering():
                return True
            if time.monotonic() > until:
                self.stop()
                raise DatabaseUnavailable(
                    f"The database did not answer in {SECONDS_TO_BE_READY} seconds; its log is {self.log}."
                )
            time.sleep(0.03)
        return False

    def await_answer(self) -> bool:
        """Whether the server that lives already answers in time; it may be recovering, or just ending."""
        until = time.monotonic() + SECONDS_TO_BE_READY
        while not self.is_answering():
            if self.postmaster() is None or time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def make_database(self) -> None:
        """Create the program's database in the server, where it is not there yet."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {NAME}")

    def stop(self) -> None:
        """End the server, open transactions rolled back; after a minute without ceremony, which loses nothing either."""
        if not self._ends(signal.SIGINT, SECONDS_TO_STOP) and not self._ends(
            signal.SIGQUIT, SECONDS_OF_TRYING_AGAIN
        ):
            raise DatabaseUnavailable(f"The database in {self.folder} does not stop; its log is {self.log}.")
        if self.sockets != self.folder:
            # A killed server leaves its socket in it: then it stays for the next start.
            with contextlib.suppress(OSError):
                self.sockets.rmdir()

    def _ends(self, number: signal.Signals, seconds: float) -> bool:
        """Whether the server ends in time when it is told to, or has ended before."""
        # Ours may be gone, and another's in its place.
        pid = self.postmaster() if self._has_ended() else self.launched or self.postmaster()
        if pid is None:
            return True
        try:
            os.kill(pid, number)
        except PermissionError:
            raise DatabaseUnavailable(
                f"This account may not stop the database in {self.folder}: stop process {pid} as root."
            ) from None
        except ProcessLookupError:
            return True
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._has_ended():
                return True
            time.sleep(0.02)
        return False

    def _has_ended(self) -> bool:
        if self.launched is None:
            return self.postmaster() is None
        try:
            ended, _status = os.waitpid(self.launched, os.WNOHANG)
        except ChildProcessError:
            # Somebody else in this process has waited for all its children.
            ended = self.launched
        if ended:
            self.launched = None
        return bool(ended)

    def _disown_pid_files(self) -> None:
        """Keep a stranger, who has the number of a dead server by now, from being taken for it.

        PostgreSQL takes its own parent's number for a leftover. The rest of the file stays: by it a new server sees
        that the last processes of a killed one still write to the folder, and refuses.
        """
        if self.postmaster() is not None:
            return
        for file in (self.folder / "postmaster.pid", self.sockets / f"{SOCKET_FILE}.lock"):
            with contextlib.suppress(FileNotFoundError):
                _number, _newline, rest = file.read_text().partition("\n")
                if rest:
                    file.write_text(f"{os.getpid()}\n{rest}")
                else:
                    # Cut off by a full disk or a power cut.
                    file.unlink()


def _as_account(account: Account, command: list[str], folder: Path, *, tied: bool = False) -> list[str]:
    parent = os.getpid() if tied else 0
    launcher = [sys.executable, "-I", "-S", postgres_launcher.__file__]
    return [*launcher, str(account.uid), str(account.gid), str(parent), str(folder), *command]


def _environment() -> dict[str, str]:
    """Return an environment without PGDATA and its like. The messages are read by us, so they are in English."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": _locale(), "TZ": "UTC"}


def _locale() -> str:
    """Return C.UTF-8 where the system has it: with C, lower() leaves Å, Ä and Ö alone."""
    import locale

    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def _socket_folder(folder: Path) -> Path:
    """Return where the socket is: in the database folder, or in a short one where that path is too long for a socket.

    The short one follows from the path and the user alone (not from TMPDIR or XDG_RUNTIME_DIR, which cron has not),
    so that every process finds it. libpq takes a comma for the end of a host.
    """
    path = str(folder / SOCKET_FILE)
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and "," not in path:
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp", f"palauteketju-{os.geteuid()}-{mark}")  # noqa: S108 - private, owner and mode are checked


def _prepare_sockets(sockets: Path, folder: Path, account: Account) -> None:
    """Make the short socket folder, or see that nobody else did: whoever can reach the socket has the database."""
    if sockets == folder:
        return
    owner = os.geteuid() if account.uid == -1 else account.uid
    with contextlib.suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
        if account.uid != -1:
            os.chown(sockets, account.uid, account.gid)
    found = sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise DatabaseUnavailable(
            f"{sockets} is not a private folder of the account {name_of(owner)}: remove it, or choose a data "
            "folder with a shorter path."
        )


def _quoted(path: Path) -> str:
    """Return the path as one item of a list in PostgreSQL's settings."""
    return '"' + str(path).replace('"', '""') + '"'


def _is_passing(reason: str) -> bool:
    """Whether what kept the server from starting goes away by itself, after a kill -9."""
    return "is still in use" in reason


def _why(output: str, data: Path) -> str:
    """Return one sentence for what a PostgreSQL program wrote before it gave up."""
    # On a full disk the log's last line may be cut off before it says so.
    if "No space left on device" in output or shutil.disk_usage(data).free < BYTES_TO_START:
        return f"The disk is full: the database in {data} needs some free space (a new one about 100 MB)."
    if "Permission denied" in output or "Read-only file system" in output:
        return f"The database may not write to {data}: give the folder to the account that runs this, or choose another."
    lines = (line.strip() for line in reversed(output.splitlines()) if line.strip())
    last = next((line for line in lines if "database system is shut down" not in line), "")
    last = last.partition("FATAL:  ")[2] or last
    if last.startswith(("PostgreSQL refuses", "The account that")):
        return last
    return f"The database in {data} did not start: {last.rstrip('.') or 'it gave no reason'}."


def _text_from(path: Path, beginning: int) -> str:
    with path.open("rb") as file:
        file.seek(beginning)
        return file.read().decode(errors="replace")


def _sync(folder: Path) -> None:
    """Have the disk keep the new name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
