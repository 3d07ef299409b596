import argparse
import json
from pathlib import Path

from palauteketju.project.commands import Refused

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--try",
        dest="file",
        type=Path,
        required=True,
        metavar="FILE",
        help="a file as [themes] own_words would name it",
    )
    parser.add_argument(
        "--last", type=int, default=1000, metavar="N", help="how many feedbacks with a text, in hundreds"
    )


def run(options: argparse.Namespace) -> int:
    """Rough counts only: no text is printed, and nothing that tells of one."""
    from palauteketju.handling.triage import theme_trial

    if not theme_trial.STEP <= options.last <= theme_trial.MOST or options.last % theme_trial.STEP:
        raise Refused(
            f"--last takes whole hundreds from {theme_trial.STEP} to {theme_trial.MOST}, not {options.last}."
        )
    try:
        trial = theme_trial.try_words(options.file, last=options.last)
    except theme_trial.TooFewTexts as error:
        raise Refused(
            f"There are fewer than {theme_trial.STEP} feedbacks with a text: too few to tell anything of them."
        ) from error
    print(json.dumps(trial, ensure_ascii=False, indent=2))
    return 0
