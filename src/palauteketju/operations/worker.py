"""The process that does the jobs and keeps the clock. Any number of them may run, on any number of machines."""

import asyncio
from typing import Any

from django.db import close_old_connections, connections
from procrastinate import JobContext
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.middleware import SyncCallNext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker


def run(*, concurrency: int = 4) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
    # Its threads keep their connections from job to job: making one costs as much as a job.
    connections.settings["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    asyncio.run(_work(concurrency=concurrency, fetch_job_polling_interval=5, shutdown_graceful_timeout=20))


def run_waiting_jobs() -> None:
    """Do the jobs that wait now, and return: for the command line's `tick`, where no worker need be running."""
    asyncio.run(
        _work(
            queues=["triage", "prompts", "sms"],
            wait=False,
            listen_notify=False,
            install_signal_handlers=False,
        )
    )


class _Connector(PsycopgConnector):
    """The worker takes jobs and listens on connections of its own, but what an action announces goes by Django's.

    Procrastinate itself would announce it on a connection of the worker: at once, before the action's transaction has
    committed the row that the job is about, and also when it never does.
    """

    def __init__(self, announcing: BaseConnector) -> None:
        super().__init__(kwargs=connector_params())
        self._announcing = announcing

    def get_sync_connector(self) -> BaseConnector:
        return self._announcing


def _on_a_sound_connection(call_next: SyncCallNext, _context: JobContext, _worker: Worker) -> Any:
    """As Django does around a request: a connection that was lost is not used again."""
    close_old_connections()
    try:
        return call_next()
    finally:
        close_old_connections()


async def _work(**options: Any) -> None:
    with app.replace_connector(_Connector(app.connector.get_sync_connector())) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                delete_jobs="successful", task_middleware=[_on_a_sound_connection], **options
            )
