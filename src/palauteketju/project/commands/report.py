import argparse
import os
import tempfile
from pathlib import Path

from palauteketju.project.commands import Refused

NEEDS = "database"
FORMATS = ("html", "pdf", "xlsx", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", required=True, metavar="CODE", help="a unit, an area or the county")
    parser.add_argument("--week", required=True, metavar="2026-W45", help="from Monday to Sunday")
    parser.add_argument("--format", required=True, choices=FORMATS)
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument("--language", choices=["fi", "sv", "en"], default="fi")


def run(options: argparse.Namespace) -> int:
    from django.utils import translation

    from palauteketju.insight import periods, report_file, reports
    from palauteketju.insight.errors import BadWeek
    from palauteketju.organisation.queries import unit_by_code

    if options.format not in report_file.WRITERS:
        made = ", ".join(report_file.WRITERS)
        raise Refused(f"This version does not make {options.format} reports; it makes {made}.")
    scope = unit_by_code(options.unit)
    if scope is None:
        raise Refused(f"There is no unit, area or county {options.unit!r}.")
    try:
        week = periods.read_week(options.week)
    except BadWeek as error:
        raise Refused(f"{options.week!r} is not a week; a week is written like 2026-W45.") from error
    with translation.override(options.language):
        content = report_file.WRITERS[options.format](reports.weekly(scope, week))
    write_whole(options.output, content)
    return 0


def write_whole(file: Path, content: bytes) -> None:
    """All of it or nothing: a reader never sees half a report. Raises Refused where it cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            # mkstemp lets only its maker read; a report has the rights of any new file.
            mask = os.umask(0)
            os.umask(mask)
            part.chmod(0o666 & ~mask)
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from error
