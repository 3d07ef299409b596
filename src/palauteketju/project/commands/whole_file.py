"""What a command writes is there whole or not at all: a reader never sees half a report or half an export."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from palauteketju.project.commands import Refused


@contextmanager
def whole_file(output: Path, *, is_private: bool) -> Iterator[BinaryIO]:
    """A file to write to, which takes its place at the end; after an error what was there stays.

    A private file is its maker's alone, any other has the rights of a new file. A pipe or a device is written to as it
    is: put in its place, a file would take `/dev/stdout` away from everybody. Raises Refused where nothing can be written.
    """
    try:
        if _is_stream(output):
            with output.open("wb") as stream:
                yield stream
            return
        # Through a link, so that the link stays one.
        target = output.resolve()
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            if not is_private:
                # mkstemp lets only its maker read.
                mask = os.umask(0)
                os.umask(mask)
                part.chmod(0o666 & ~mask)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror}.") from error


def _is_stream(output: Path) -> bool:
    try:
        mode = output.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
