import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

from palauteketju.project.commands import Refused

NEEDS = "database"
FORMATS = ("csv", "parquet", "jsonl")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--audience", required=True, choices=["internal", "public"])
    parser.add_argument("--format", required=True, choices=FORMATS)
    parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="- is the standard output")


def run(options: argparse.Namespace) -> int:
    """All of it or nothing: a reader never sees half an export, not even of a large one."""
    from palauteketju.insight import exports

    if str(options.output) == "-":
        exports.write(sys.stdout.buffer, options.audience, options.format)
        return 0
    output: Path = options.output
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                exports.write(file, options.audience, options.format)
            # Internal figures are not for everybody on this machine: the rights stay those of mkstemp, its maker's alone.
            if options.audience == "public":
                mask = os.umask(0)
                os.umask(mask)
                part.chmod(0o666 & ~mask)
            part.replace(output)
        finally:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror}.") from error
    return 0
