"""A county takes a new version into use over a database that an older version filled.

`first_version/` is a small invented county as the first version left it: eight weeks of feedback with cases, prompts,
messages, measures and blocks, and the keys it was sealed with.
"""

import gzip
from pathlib import Path

import psycopg
import pytest

from tests.project.conftest import address_of_database

FIRST = Path(__file__).with_name("first_version")


@pytest.fixture
def first_version():
    """The address of a database as the first version left it."""
    name = "palauteketju_first_version"
    with psycopg.connect(address_of_database("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(address_of_database(name)) as database:
            database.execute(gzip.decompress((FIRST / "database.sql.gz").read_bytes()))
        yield address_of_database(name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def palauteketju(run, first_version):
    """A command of this version on that database."""
    surroundings = {"DATABASE_URL": first_version, "PALAUTEKETJU_EMBEDDED": "true"}
    keys = (FIRST / "keys.toml").read_text(encoding="utf-8")

    def palauteketju(*arguments):
        return run(*arguments, **surroundings, PALAUTEKETJU_KEYS=keys)

    return palauteketju


def rows(database, of):
    with psycopg.connect(database) as connection:
        return connection.execute(f"SELECT {of}").fetchall()


def test_it_works(palauteketju, first_version):
    blocks = "scope, stream, opened, closed, n, counts FROM insight_block ORDER BY id"
    reminders = "count(*) FROM handling_prompt WHERE kind IN ('reminder', 'overdue')"
    released, reminded = rows(first_version, blocks), rows(first_version, reminders)
    with psycopg.connect(first_version) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (task_name, args, queue_name) "
            """VALUES ('palauteketju.prompt', '{"prompt_id": 1}', 'prompts')"""
        )
    migrated = palauteketju("migrate")
    assert migrated.returncode == 0, migrated.stderr.decode()
    waiting = "args FROM procrastinate_jobs WHERE task_name = 'palauteketju.prompt'"
    assert rows(first_version, waiting) == [({"prompt_ids": [1]},)]
    ticked = palauteketju("tick", "--at", "2026-11-16T03:00:00+02:00")
    assert ticked.returncode == 0, ticked.stderr.decode()
    # What was released stays as it was, the trail still proves itself, and nobody is reminded a second time.
    assert rows(first_version, blocks)[: len(released)] == released
    assert palauteketju("verify-audit").returncode == 0
    assert rows(first_version, reminders) == reminded
    other = "count(*) FROM handling_case c JOIN intake_feedback f ON f.id = c.feedback_id WHERE c.channel <> f.channel"
    assert rows(first_version, other) == [(0,)]
