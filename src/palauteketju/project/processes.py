"""The processes a command starts, and their common end: when one goes, all go, and SIGTERM reaches each."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from palauteketju.project.commands import Refused

_PR_SET_PDEATHSIG = 1
# How long a process may finish what it is doing; the worker gives its jobs 20 of them (operations/worker.py).
PATIENCE_S = 25


def refuse_busy_port(host: str, port: int, *, wait_s: float = 3) -> None:
    """Raise Refused when somebody else listens there; ours of a moment ago, killed, may need seconds to let go."""
    if not 0 < port < 65536:
        raise Refused(f"Port {port} does not exist; choose one from 1 to 65535.")
    until = time.monotonic() + wait_s
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if time.monotonic() > until:
                    raise Refused(
                        f"Port {port} of {host} cannot be used ({error.strerror}); choose another with --port."
                    ) from error
            else:
                return
        time.sleep(0.2)


def start_server(
    host: str, port: int, *, workers: int, threads: int, patience_s: int = 10
) -> subprocess.Popen[bytes]:
    """Start granian. A worker that dies is started again, and a client that dawdles over its headers is let go.

    When it is asked to end, requests under way have `patience_s` seconds to be answered.
    """
    serving = [
        "palauteketju.project.web_server",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
        "--log-level",
        "warning",
    ]
    workforce = [
        "--workers",
        str(workers),
        "--blocking-threads",
        str(threads),
        "--workers-kill-timeout",
        str(patience_s),
    ]
    patience = ["--respawn-failed-workers", "--http1-header-read-timeout", "5000"]
    return start(
        [*serving, *workforce, *patience, "palauteketju.project.wsgi:application"],
        {"PALAUTEKETJU_POOL": str(threads)},
    )


def start_worker() -> subprocess.Popen[bytes]:
    # When we are killed our database goes too, and the worker would wait a minute for it: its jobs are another's anyway.
    return start(
        ["palauteketju.project.cli", "--data", os.environ["PALAUTEKETJU_DATA"], "worker"],
        {},
        when_we_die=signal.SIGKILL,
    )


def start(
    module: Sequence[str], environment: Mapping[str, str], *, when_we_die: signal.Signals = signal.SIGTERM
) -> subprocess.Popen[bytes]:
    """A Python module as a process of its own, which ends when we do, even by SIGKILL."""
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        env={**os.environ, **environment},
        start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
        preexec_fn=_tied_to(os.getpid(), when_we_die),  # noqa: PLW1509 - started before any thread of ours runs
    )


def watch(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait for SIGTERM, Ctrl-C or the end of any process, then end them all. 0 when it was asked for."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    previous = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not asked and all(process.poll() is None for process in processes):
            time.sleep(0.2)
    finally:
        end(processes)
        for number, handler in previous.items():
            signal.signal(number, handler)
    return 0 if asked else 1


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + PATIENCE_S
    for process in processes:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tied_to(parent: int, when_it_dies: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, when_it_dies)
        # We may have died between the fork and the line above.
        if os.getppid() != parent:
            os._exit(1)

    return tie
