"""The process that does the jobs and keeps the clock. Any number of them may run, on any number of machines."""

import asyncio
from typing import Any

from procrastinate.contrib.django import app


def run(*, concurrency: int = 4) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
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


async def _work(**options: Any) -> None:
    # The worker listens for announcements on a connection of its own, apart from those of Django.
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]  # the Django connector has it
        async with worker_app.open_async():
            await worker_app.run_worker_async(delete_jobs="successful", **options)
