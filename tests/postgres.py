"""A real PostgreSQL for the test run: started before Django reads its settings, stopped at the end.

Loaded as a pytest plugin (`-p tests.postgres`). With pytest-xdist the first process starts it and the others inherit its
address. DATABASE_URL given from outside is used as it is. fsync is off: only tests/project/test_database.py, which
starts its own, cares about crashes.
"""

import os
import shutil
import tempfile
from pathlib import Path

from palauteketju.privacy.encryption import KeyRing

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}

_folder = tempfile.mkdtemp(prefix="palauteketju-tests-")
os.environ["PALAUTEKETJU_DATA"] = _folder
os.environ["PALAUTEKETJU_EMBEDDED"] = "true"
os.environ.setdefault("PALAUTEKETJU_KEYS", KeyRing.generate().dump())
os.environ["PALAUTEKETJU_SMS_GATEWAY"] = "simulator"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # Playwright's loop runs in the thread that sets up test data
)
_database = None

if "DATABASE_URL" not in os.environ:
    from palauteketju.project.database import start

    _database = start(Path(_folder), tie_to_parent=True, settings=_FAST)
    os.environ["DATABASE_URL"] = _database.url


def pytest_unconfigure(config):
    global _database  # noqa: PLW0603 - one database a run, and the run is the process
    if _database is not None:
        _database.stop()
        _database = None
    shutil.rmtree(_folder, ignore_errors=True)
