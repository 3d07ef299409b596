import argparse
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from palauteketju.project import demo, ground, processes
from palauteketju.project.commands import Refused
from palauteketju.project.database import start

NEEDS = "nothing"
HOST = "127.0.0.1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, help="the data folder (data)", dest="folder")
    parser.add_argument("--units", type=int, default=60, help="how large a county to invent (60)")
    parser.add_argument("--weeks", type=int, default=12, help="how many weeks of feedback (12)")
    parser.add_argument("--per-week", type=int, default=500, help="how many feedbacks a week (500)")
    parser.add_argument("--reset", action="store_true", help="throw the demo's former content away first")


def run(options: argparse.Namespace) -> int:
    """The database, the web server, the worker, a post box and the simulator of phones, until SIGTERM or Ctrl-C."""
    data: Path = (options.folder or options.data).absolute()
    with _alone_in(data):
        processes.refuse_busy_port(HOST, options.port)
        demo.prepare_folder(data, reset=options.reset)
        post = demo.free_port()
        _set_environment(data, options.port, post)
        _say("Starting the database")
        database = start(data, tie_to_parent=True)
        try:
            os.environ["DATABASE_URL"] = database.url
            ground.set_up_django()
            ground.bring_up_to_date()
            if demo.state(data) == "interrupted":
                _say("Throwing away an invented county whose loading was interrupted")
                _close_connections()
                database.stop()
                shutil.rmtree(data / "postgres")
                database = start(data, tie_to_parent=True)
                ground.bring_up_to_date()
                (data / "demo.loading").unlink()
            if demo.state(data) == "strange":
                raise Refused(
                    f"{data} holds another organisation than the demo's; name another folder with --data."
                )
            if demo.state(data) == "empty":
                _say(f"Inventing a county and {options.weeks} weeks of its customers (once, about a minute)")
                demo.load(data, units=options.units, weeks=options.weeks, per_week=options.per_week)
            return _serve(data, options.port, post)
        finally:
            _close_connections()
            database.stop()


def _set_environment(data: Path, port: int, post: int) -> None:
    os.environ |= {
        "PALAUTEKETJU_DATA": str(data),
        "PALAUTEKETJU_EMBEDDED": "true",
        "PALAUTEKETJU_ADDRESS": f"http://{HOST}:{port}",
        "PALAUTEKETJU_SMS_GATEWAY": "simulator",
        "PALAUTEKETJU_SMTP": f"smtp+plain://{HOST}:{post}",
        "PALAUTEKETJU_FROM": "palaute@esimerkkila.example",
        "PALAUTEKETJU_COUNTY_FILE": str(Path(demo.__file__).with_name("demo_county.toml")),
    }


def _serve(data: Path, port: int, post: int) -> int:
    _close_connections()
    _say("Starting the web server and the worker")
    mailbox = data / "mail"
    running = [
        processes.start(
            ["aiosmtpd", "-n", "-l", f"{HOST}:{post}", "-c", "aiosmtpd.handlers.Mailbox", str(mailbox)], {}
        ),
        # Killed and started again at once, the demo must find its port free: what waits for a dead database is not waited for.
        processes.start_server(HOST, port, workers=2, threads=4, patience_s=2),
        processes.start_worker(),
    ]
    try:
        _wait_until_ready(port)
        for role, user, password in demo.logins(data):
            _say(f"Login: {role} {user} {password}")
        _say(f"Mail: {mailbox}/new")
        _say(f"Phones: http://{HOST}:{port}/puhelin/")
        _say(f"Ready: http://{HOST}:{port}/")
    except BaseException:
        processes.end(running)
        raise
    return processes.watch(running)


def _wait_until_ready(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urlopen(f"http://{HOST}:{port}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise Refused("The web server did not become ready in a minute; its messages above tell why.")


@contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    """One demo in a data folder at a time; the lock goes with the process, however that ends."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "demo.lock").open("w")
    except OSError as error:
        raise Refused(f"The data folder {data} cannot be used: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"A demo runs in {data} already.") from error
        yield


def _close_connections() -> None:
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()


def _say(line: str) -> None:
    print(line, flush=True)
