"""What commands stand on: Django set up, and below it the database of the data folder or of DATABASE_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from palauteketju.privacy.encryption import KeyRing
from palauteketju.project.database import DatabaseUnavailable, database_for

# Longer than a failover takes to refuse; a command at a terminal or in a timer must say so and end.
SECONDS_TO_CONNECT = 10


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palauteketju.project.settings")
    import django

    django.setup()


@contextmanager
def settings_only() -> Iterator[None]:
    """For commands that only apply rules: no database is started, no key file made."""
    os.environ.setdefault("DATABASE_URL", "postgresql:///not-used")
    os.environ.setdefault("PALAUTEKETJU_EMBEDDED", "true")
    os.environ.setdefault("PALAUTEKETJU_KEYS", KeyRing.generate().dump())
    set_up_django()
    yield


@contextmanager
def with_database(data: Path) -> Iterator[None]:
    """Production's database as it is; the embedded one started, and brought up to date, when it must be."""
    is_embedded = "DATABASE_URL" not in os.environ
    with database_for(data) as url:
        if not is_embedded:
            _refuse_silent(url)
        os.environ["DATABASE_URL"] = url
        # The demo's own processes are told so by the one that started the embedded database for them.
        told = os.environ.get("PALAUTEKETJU_EMBEDDED") or "false"
        os.environ["PALAUTEKETJU_EMBEDDED"] = "true" if is_embedded else told
        set_up_django()
        if is_embedded:
            bring_up_to_date()
        from django.db import ProgrammingError, connections

        try:
            yield
        except ProgrammingError as error:
            if isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
                raise DatabaseUnavailable(
                    "The database is not of this version of the program: run `palauteketju migrate` first."
                ) from error
            raise
        finally:
            connections.close_all()


def _refuse_silent(url: str) -> None:
    """Raises DatabaseUnavailable when nobody answers at the operator's address; its password is never repeated."""
    try:
        psycopg.connect(url, connect_timeout=SECONDS_TO_CONNECT).close()
    except psycopg.OperationalError as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise DatabaseUnavailable(f"The database of DATABASE_URL does not answer: {reason}") from error
    except psycopg.Error as error:
        raise DatabaseUnavailable("DATABASE_URL is not an address of a PostgreSQL database.") from error


def bring_up_to_date() -> None:
    """Apply the migrations that are missing and fix the wordings in use."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils import timezone

    from palauteketju.handling.triage import rules_in_use
    from palauteketju.surveys.actions import take_into_use
    from palauteketju.surveys.library import question_sets

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    take_into_use(question_sets().values(), at=timezone.now())
    rules_in_use.take_into_use(at=timezone.now())
