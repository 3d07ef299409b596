import argparse
import json

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--audience", required=True, choices=["internal", "public"])


def run(options: argparse.Namespace) -> int:
    """One block a line, in the order of closing; nothing that still waits."""
    from palauteketju.insight.queries import released

    for block in released(options.audience):
        line = {
            "scope": block.scope,
            "stream": block.stream,
            "opened": block.opened.isoformat(),
            "closed": block.closed.isoformat(),
            "n": block.n,
            "counts": block.counts,
        }
        print(json.dumps(line, ensure_ascii=False))
    return 0
