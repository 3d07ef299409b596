import argparse
import sys
from pathlib import Path

from palauteketju.project.commands import Refused
from palauteketju.project.commands.whole_file import whole_file

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
    parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="- is the standard output")
    parser.add_argument("--language", choices=["fi", "sv", "en"], default="fi")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone, translation

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
    if period.first > timezone.localdate():
        # No refusal: a report depends on the blocks alone and never on the day it is made.
        print(f"{text} has not begun yet: its report is empty.", file=sys.stderr)
    with translation.override(options.language):
        content = report_file.FORMATS[options.format].write(ready_report(scope, period))
    if str(options.output) == "-":
        sys.stdout.buffer.write(content)
        return 0
    with whole_file(options.output, is_private=False) as file:
        file.write(content)
    return 0
