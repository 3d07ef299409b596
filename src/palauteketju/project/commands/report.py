import argparse
import os
import tempfile
from pathlib import Path

from palauteketju.project.commands import Refused

NEEDS = "database"
FORMATS = ("html", "pdf", "xlsx", "json")
EXAMPLES = {"week": "2026-W45", "month": "2026-10", "third": "2026-3", "year": "2026"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", required=True, metavar="CODE", help="a unit, an area or the county")
    period = parser.add_mutually_exclusive_group(required=True)
    period.add_argument("--week", metavar="2026-W45", help="from Monday to Sunday")
    period.add_argument("--month", metavar="2026-10")
    period.add_argument(
        "--third", metavar="2026-3", help="four months: 1 from January, 2 from May, 3 from September"
    )
    period.add_argument("--year", metavar="2026")
    parser.add_argument("--format", required=True, choices=FORMATS)
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument("--language", choices=["fi", "sv", "en"], default="fi")


def run(options: argparse.Namespace) -> int:
    from django.utils import translation

    from palauteketju.improvement.ready_reports import ready_report
    from palauteketju.insight import periods, report_file
    from palauteketju.insight.errors import BadPeriod
    from palauteketju.organisation.queries import unit_by_code

    scope = unit_by_code(options.unit)
    if scope is None:
        raise Refused(f"There is no unit, area or county {options.unit!r}.")
    kind = next(kind for kind in periods.KINDS if getattr(options, kind) is not None)
    text = getattr(options, kind)
    try:
        period = periods.read(kind, text)
    except BadPeriod as error:
        raise Refused(f"{text!r} is not a {kind}; a {kind} is written like {EXAMPLES[kind]}.") from error
    with translation.override(options.language):
        content = report_file.FORMATS[options.format].write(ready_report(scope, period))
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
