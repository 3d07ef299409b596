import argparse
import json

from palauteketju.project.commands import Refused, moment

NEEDS = "settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--arrived", type=moment, required=True, metavar="TIME", help="ISO 8601 with offset")
    parser.add_argument("--road", choices=["urgent", "contact"], required=True)


def run(options: argparse.Namespace) -> int:
    from palauteketju.organisation.deadlines import county_deadline, explain

    try:
        explained = explain(county_deadline(options.arrived, road=options.road))
    except (ValueError, OverflowError) as error:
        # A year whose holidays nobody knows.
        raise Refused(str(error)) from error
    print(json.dumps(explained, ensure_ascii=False, indent=2))
    return 0
