"""A stage for benchmarks: an own data folder, a durable embedded database, a county of 250 units, a web server."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from palauteketju.project import processes
from palauteketju.project.database import Database, start
from palauteketju.project.demo import free_port


@dataclass(frozen=True)
class Stage:
    data: Path
    database: Database
    port: int


@contextmanager
def stage(*, with_worker: bool, units: int = 250) -> Iterator[Stage]:
    """Durable: fsync and synchronous_commit stay on: an answer that was sent is on disk."""
    with tempfile.TemporaryDirectory(prefix="palauteketju-benchmark-") as folder:
        data, port = Path(folder), free_port()
        os.environ |= {
            "PALAUTEKETJU_DATA": folder,
            "PALAUTEKETJU_EMBEDDED": "true",
            "PALAUTEKETJU_ADDRESS": f"http://127.0.0.1:{port}",
        }
        database = start(data, tie_to_parent=True)
        running = []
        try:
            os.environ["DATABASE_URL"] = database.url
            _fill(units)
            running.append(processes.start_server("127.0.0.1", port, workers=2, threads=4))
            if with_worker:
                running.append(processes.start_worker())
            wait_until_ready(port)
            yield Stage(data, database, port)
        finally:
            processes.end(running)
            database.stop()


def _fill(units: int) -> None:
    from palauteketju.project import ground

    ground.set_up_django()
    ground.bring_up_to_date()
    from django.db import connections

    from palauteketju.operations.synthetic.county import organisation_csv
    from palauteketju.organisation.actions import import_organisation

    import_organisation(organisation_csv(units, start=date(2026, 1, 1)), by=None, at=datetime.now(tz=UTC))
    connections.close_all()


def wait_until_ready(port: int, *, seconds: float = 60) -> None:
    import time
    from urllib.request import urlopen

    until = time.monotonic() + seconds
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
