"""Backup and restore: everything, from a running system into an empty one."""

import subprocess
import tarfile
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from palauteketju.project.database import start
from tests.project.conftest import (
    KEYS,
    ORGANISATION,
    SERVER,
    address_of_database,
    assert_refused,
    command,
    environment,
)

FAST = {"fsync": "off", "shared_buffers": "8MB"}
ADDRESS = "sirkka@posti.example"
GIVE = f"""
from uuid import uuid4
from django.utils import timezone
from palauteketju.intake import actions, submissions
from palauteketju.organisation.models import Unit
from palauteketju.surveys.library import question_set
now = timezone.now()
raw = {{"answers": {{"nps": "9"}}, "text": "Kiitos.", "contact": {{"way": "email", "value": "{ADDRESS}"}}}}
given, _ = submissions.read(raw, unit=Unit.objects.get(code="keskusta"), channel="web", language="fi", at=now,
                            question_set=question_set("thl-2"))
actions.receive(given, nonce=uuid4(), at=now)
"""
OPEN = (
    "from palauteketju.intake.models import ContactRequest as C; print([c.reveal() for c in C.objects.all()])"
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "backup.tar"


@pytest.fixture
def system(organisation, run):
    """The command line of a system in production, with a feedback whose customer wants an answer by e-mail."""
    exec(GIVE)
    return at(run, address_of_database())


def at(run, url):
    return lambda *arguments: run(*arguments, DATABASE_URL=url, PALAUTEKETJU_KEYS=KEYS)


def in_folder(data, *arguments):
    """The command line of a system beside its own database."""
    done = subprocess.run(
        command("--data", data, *arguments), env=environment(), capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@contextmanager
def empty_database(copy_of):
    """Another database of the same version, without any row; its address."""
    name = f"restored_{uuid4().hex[:12]}"
    connection.close()
    with psycopg.connect(SERVER, autocommit=True) as server:
        # Another test's thread may have left a connection open, and a database in use is no template.
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [copy_of])
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy_of}"')
    url = address_of_database(name)
    with psycopg.connect(url, autocommit=True) as restored:
        restored.execute(f"TRUNCATE {', '.join(tables(restored))}")
    yield url
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def tables(at):
    """Those of the program: the queue's own and the list of migrations are not compared."""
    found = at.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [name for (name,) in found if not name.startswith(("django_migrations", "procrastinate_"))]


def content(url):
    """Every row of every table."""
    with psycopg.connect(url) as database:
        return {
            name: database.execute(f"SELECT t::text FROM {name} t ORDER BY 1").fetchall()
            for name in tables(database)
        }


def test_it_works(system, run, file):
    done = system("backup", file)
    assert done.returncode == 0, done.stderr.decode()
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        # In production the keys live apart from the database.
        assert tar.getnames() == ["database.dump"]
    before = content(address_of_database())

    with empty_database(copy_of=connection.settings_dict["NAME"]) as url:
        restored = at(run, url)
        done = restored("restore", file)
        assert done.returncode == 0, done.stderr.decode()
        assert content(url) == before
        assert b"whole" in restored("verify-audit").stdout
        assert ADDRESS.encode() in restored("django", "shell", "-v", "0", "-c", OPEN).stdout
        # It is not empty any more.
        assert_refused(restored("restore", file), "only restored into an empty one")
        assert content(url) == before


def test_beside_its_own_database_a_system_takes_its_keys_along(tmp_path, file):
    """Without them the contact details would stay sealed."""
    old, new = tmp_path / "old", tmp_path / "new"
    csv = tmp_path / "organisation.csv"
    csv.write_text(ORGANISATION)
    # Both run meanwhile.
    running, restored = start(old, settings=FAST), start(new, settings=FAST)
    try:
        in_folder(old, "import-organisation", csv)
        in_folder(old, "django", "shell", "-v", "0", "-c", GIVE)
        in_folder(old, "backup", file)
        in_folder(new, "restore", file)
        assert (new / "keys.toml").read_text() == (old / "keys.toml").read_text()
        assert ADDRESS.encode() in in_folder(new, "django", "shell", "-v", "0", "-c", OPEN)
    finally:
        running.stop()
        restored.stop()


def test_a_backup_is_never_written_over(palauteketju, file):
    file.write_text("yesterday")
    assert_refused(palauteketju("backup", file), "never written over")
    assert file.read_text() == "yesterday"


def test_a_place_that_cannot_be_written_is_told(palauteketju, tmp_path):
    assert_refused(palauteketju("backup", tmp_path / "nowhere" / "backup.tar"), "cannot be written")


@pytest.mark.parametrize("content", [b"", b"garbage" * 999], ids=["empty", "garbage"])
def test_what_is_no_backup_is_refused(palauteketju, file, content):
    file.write_bytes(content)
    assert_refused(palauteketju("restore", file))


def test_a_tar_of_something_else_is_refused(palauteketju, file):
    (file.parent / "holiday.jpg").touch()
    with tarfile.open(file, "w") as tar:
        tar.add(file.parent / "holiday.jpg", "holiday.jpg")
    assert_refused(palauteketju("restore", file), "not a backup of this program")


def test_a_damaged_backup_changes_nothing(palauteketju, file, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", address_of_database())
    assert palauteketju("backup", file).returncode == 0
    half = file.read_bytes()
    file.write_bytes(half[: len(half) // 2])
    before = content(address_of_database())
    assert_refused(palauteketju("restore", file))
    assert content(address_of_database()) == before
