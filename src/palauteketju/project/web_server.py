"""Granian, with the program loaded before it forks its workers: they serve at once, also one that replaces a dead one.

python -m palauteketju.project.web_server [granian's options] palauteketju.project.wsgi:application
"""

import gc
import os
import signal

from granian.cli import entrypoint

import palauteketju.project.wsgi  # noqa: F401 - loaded here, named in the options


def _forget_signals() -> None:
    """Let a forked worker die of SIGTERM until it has handlers of its own.

    Those of its parent would note in a copy of the parent that it is time to stop, and the worker would be waited for
    until it is killed.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    os.register_at_fork(after_in_child=_forget_signals)
    # What is loaded stays: the workers' collections need not look through it, nor copy the pages it is on.
    gc.collect()
    gc.freeze()
    entrypoint()  # type: ignore[no-untyped-call]  # granian's command line has no types
