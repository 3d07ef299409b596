"""A folder that changes as a whole: whoever reads it sees all of the old content or all of the new.

The folder's name is a symbolic link to a sibling, `.<name>-<random letters>`. New content is written into a fresh
sibling, and the link is then replaced in one rename. Killed at any line, the old or the new content stands, and the
next run clears up what was left. Windows has no such rename; the program does not run there.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from palauteketju.publishing.errors import FolderRefused

# By this file a folder is known as ours, and what it says tells when a new one is due.
MARK = ".palauteketju.json"


def swap_in(output: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a fresh folder and put it in the place of `output`.

    Two at once take turns. Raises FolderRefused, with nothing changed, for a folder of somebody else's, and when the
    disk or its permissions do not allow it; whatever `write` raises leaves the old content standing.
    """
    output = output.absolute()
    try:
        _refuse_if_not_ours(output)
        output.parent.mkdir(parents=True, exist_ok=True)
        with _turn(output.parent):
            _refuse_if_not_ours(output)
            _clear_leftovers(output)
            _swap(output, write)
            _clear_leftovers(output)
    except OSError as error:
        raise FolderRefused(f"{output} cannot be written: {error.strerror or error}.") from error


def _swap(output: Path, write: Callable[[Path], None]) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=_prefix(output), dir=output.parent))
    # Before anything else, so that a leftover is known as ours.
    (fresh / MARK).touch()
    # mkdtemp keeps others out; a web server of another account must get in.
    fresh.chmod(0o755)
    write(fresh)
    link = fresh.with_name(f"{fresh.name}.link")
    link.symlink_to(fresh.name)
    if output.is_dir() and not output.is_symlink():
        # Empty, as was checked: until the next line there is nothing here, as there was before.
        output.rmdir()
    link.replace(output)


def _refuse_if_not_ours(output: Path) -> None:
    if output.is_symlink():
        target = output.parent / output.readlink()
        is_ours = target.parent == output.parent and target.name.startswith(_prefix(output))
        if is_ours and (not target.exists() or (target / MARK).is_file()):
            return
        raise FolderRefused(
            f"{output} is a link to something that this program did not make; name another folder."
        )
    if output.is_dir():
        if not any(output.iterdir()):
            return
        raise FolderRefused(
            f"{output} holds files that this program did not write there; name an empty or a new folder."
        )
    if output.exists():
        raise FolderRefused(f"{output} is a file; name an empty or a new folder.")


def _clear_leftovers(output: Path) -> None:
    """Remove our siblings that the link does not point to: of a run that was killed, or the content before this one."""
    current = output.readlink().name if output.is_symlink() else None
    ours = re.compile(re.escape(_prefix(output)) + r"[a-z0-9_]{8}(\.link)?")
    for sibling in output.parent.iterdir():
        if not ours.fullmatch(sibling.name) or sibling.name == current:
            continue
        if sibling.is_symlink():
            sibling.unlink()
        elif sibling.is_dir() and ((sibling / MARK).is_file() or not any(sibling.iterdir())):
            _remove(sibling)


def _remove(folder: Path) -> None:
    """The mark goes last: killed half way, the rest is still known as ours."""
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != MARK:
            entry.unlink()
    (folder / MARK).unlink(missing_ok=True)
    folder.rmdir()


def _prefix(output: Path) -> str:
    return f".{output.name}-"


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One at a time. The lock is on the folder around, so that no lock file stays behind."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
