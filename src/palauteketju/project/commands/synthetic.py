import argparse
from datetime import date, timedelta
from pathlib import Path

NEEDS = "database"
# The years of which there are reports.
FIRST, LAST = date(2000, 1, 1), date(2998, 12, 31)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=_at_least_one, required=True, metavar="N")
    parser.add_argument("--weeks", type=_at_least_one, required=True, metavar="N")
    parser.add_argument(
        "--per-week",
        type=_at_least_one,
        required=True,
        metavar="N",
        help="answers a week in the whole county",
    )
    parser.add_argument("--seed", type=int, required=True, help="the same seed invents the same county")
    parser.add_argument(
        "--start", type=date.fromisoformat, required=True, help="the first day, such as 2026-08-31"
    )
    parser.add_argument(
        "--truth", type=Path, required=True, metavar="FILE", help="what each customer truly said"
    )
    parser.add_argument("--organisation", type=Path, metavar="FILE", help="the invented organisation as CSV")


def run(options: argparse.Namespace) -> int:
    from palauteketju.operations.synthetic import run as synthetic
    from palauteketju.project.commands import Refused

    # A difference of days, because a sum may lie beyond all years.
    if options.start < FIRST or options.weeks > (LAST - options.start) // timedelta(weeks=1):
        raise Refused(f"The weeks must lie between the years {FIRST.year} and {LAST.year}.")
    try:
        synthetic.run(
            units=options.units,
            weeks=options.weeks,
            per_week=options.per_week,
            seed=options.seed,
            start=options.start,
            truth=options.truth,
            organisation=options.organisation,
        )
    except synthetic.NotEmpty as error:
        raise Refused(
            "The database is not empty: an invented county is never mixed with a real one."
        ) from error
    except OSError as error:
        raise Refused(f"{error.filename} cannot be written: {error.strerror}.") from error
    return 0


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
