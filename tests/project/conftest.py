"""The command line as a person at a terminal uses it, in this process or in one of its own."""

import io
import os
import signal
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from palauteketju.organisation.actions import import_organisation
from palauteketju.project import cli
from palauteketju.surveys.actions import take_into_use
from palauteketju.surveys.library import question_sets

SERVER = os.environ["DATABASE_URL"]
KEYS = os.environ["PALAUTEKETJU_KEYS"]
ORGANISATION = """\
code,parent_code,kind,name_fi,name_sv,name_en,oid,sensitive,sms,active_from,active_to
sata,,county,Esimerkkilä,Exempelby,Esimerkkilä,,0,0,,
terveys,sata,area,Terveyspalvelut,Hälsovård,Health,,0,0,,
keskusta,terveys,unit,Keskustan terveysasema,Centrum,Centre,1.2.246.10.1,0,1,,
"""


def environment(**changes):
    """Of a terminal in which nothing of ours is set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PALAUTEKETJU_") and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return kept | {"PYTHONWARNINGS": "error"} | changes


def command(*arguments):
    return [sys.executable, "-m", "palauteketju.project.cli", *map(str, arguments)]


def address_of_database(name=None):
    """Of the one that the tests use, or of another on the same server."""
    name = name or connection.settings_dict["NAME"]
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


@pytest.fixture
def run(tmp_path):
    """Run a command in a process of its own, with a data folder of its own; stdout, stderr and returncode."""

    def run(*arguments, stdin=b"", **changes):
        return subprocess.run(
            command("--data", tmp_path / "data", *arguments),
            input=stdin,
            env=environment(**changes),
            capture_output=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def here(tmp_path, monkeypatch, capfdbinary):
    """The same in this process, with its settings: much faster."""
    monkeypatch.setenv("PALAUTEKETJU_DATA", "")
    monkeypatch.setenv("PALAUTEKETJU_EMBEDDED", "")
    handler = signal.getsignal(signal.SIGTERM)

    def here(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        returncode = cli.main(["--data", str(tmp_path / "data"), *map(str, arguments)])
        sys.stdout.flush()
        told = capfdbinary.readouterr()
        return SimpleNamespace(returncode=returncode, stdout=told.out, stderr=told.err)

    yield here
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture
def palauteketju(here, transactional_db):
    """The same, for commands that need the database; it is empty."""
    take_into_use(question_sets().values(), at=timezone.now())
    yield here
    # Django empties its own tables afterwards, the jobs' are not among them.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def organisation(palauteketju):
    """The command line, with a county and one unit in its database."""
    import_organisation(ORGANISATION.encode(), by=None, at=timezone.now())
    return palauteketju


def assert_refused(done, *sentences):
    """Exit status 1 and words for the person at the terminal, never a traceback."""
    told = done.stderr.decode()
    assert done.returncode == 1, told
    assert "Traceback" not in told
    for sentence in sentences:
        assert sentence in told
