"""How long from a feedback to the e-mail that prompts its handler, while feedback comes in at a steady pace.

    python -m benchmarks.prompts [--per-second 50] [--seconds 30] [--urgent-share 0.1]

The real chain: web server, worker and a mail server that notes when each message came. From `recorded_at` of the feedback
to the mail server's taking the message; both clocks are this machine's.
"""

import argparse
import asyncio
import os
import re
import socket
import time
from uuid import uuid4

import httpx
from aiosmtpd.controller import Controller

from benchmarks.stage import stage

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


class Sink:
    """Takes every message and notes for which case it came, and when."""

    def __init__(self):
        self.came = {}

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the name aiosmtpd calls
        text = envelope.content.decode("utf-8", "replace").replace("=\r\n", "")
        found = re.search(r"/kasittely/(\d+)/", text)
        if found:
            self.came.setdefault(int(found[1]), time.time())
        return "250 ok"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--per-second", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    # The rest are texts that go to the reports, and as many ratings alone.
    parser.add_argument("--urgent-share", type=float, default=0.1)
    options = parser.parse_args()
    sink = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    os.environ["PALAUTEKETJU_SMTP"] = f"smtp+plain://127.0.0.1:{port}"
    try:
        with stage(with_worker=True, units=250) as scene:
            measure(scene, sink, options)
    finally:
        server.stop()


def measure(scene, sink, options):
    codes, key = prepare()
    total = options.per_second * options.seconds
    texts = texts_of(total, options.urgent_share)
    slow = asyncio.run(give_all(scene.port, codes, key, texts, options.per_second))
    urgent = sum(text.startswith(URGENT) for text in texts)
    recorded = recorded_times()
    until = time.monotonic() + 60
    while len(sink.came) < urgent and time.monotonic() < until:
        time.sleep(0.2)
        recorded = recorded_times()
    waits = sorted(sink.came[case] - at for case, at in recorded.items() if case in sink.came)
    print(f"{total} feedbacks at {options.per_second}/s, {urgent} of them urgent; mails {len(waits)}")
    if waits:
        half, most = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
        print(f"feedback to mail: p50 {half:.2f} s, p95 {most:.2f} s, longest {waits[-1]:.2f} s")
    print(f"slowest answer of the front door: {slow * 1000:.0f} ms")


def texts_of(total, urgent_share):
    """One for each feedback, the urgent ones evenly among them; "" is ratings alone."""
    texts = []
    for number in range(total):
        if int((number + 1) * urgent_share) > int(number * urgent_share):
            texts.append(f"{URGENT} {number}")
        else:
            texts.append(f"Kiitos, kaikki sujui. {number}" if number % 2 else "")
    return texts


def prepare():
    """One handler in each unit, and a key for the API."""
    from django.db import connections
    from django.utils import timezone

    from palauteketju.organisation.actions import add_integration
    from palauteketju.organisation.models import Integration, Person, Role, Unit

    units = list(Unit.objects.giving_service().open_on(timezone.localdate()).order_by("pk"))
    for number, unit in enumerate(units):
        person = Person.objects.create(username=f"k{number}", email=f"k{number}@example.fi", password="!")
        Role.objects.create(person=person, unit=unit, kind=Role.Kind.HANDLER)
    county = Unit.objects.get(kind="county")
    _one, key = add_integration(
        "benchmark", right=Integration.Right.FEEDBACK, unit=county, by=None, at=timezone.now()
    )
    connections.close_all()
    return [unit.code for unit in units], key


async def give_all(port, codes, key, texts, per_second):
    """Each at its own time, however long the ones before it take; the slowest answer in seconds."""
    limits = httpx.Limits(max_connections=50)
    headers = {"Authorization": f"Bearer {key}"}
    address = f"http://127.0.0.1:{port}/api/v1/feedback"
    begin = time.monotonic()
    async with httpx.AsyncClient(limits=limits, timeout=60, headers=headers, trust_env=False) as client:

        async def give(number):
            await asyncio.sleep(max(0, begin + number / per_second - time.monotonic()))
            started = time.monotonic()
            answer = await client.post(
                address,
                json={
                    "unit": codes[number % len(codes)],
                    "channel": "web",
                    "question_set": "thl-2",
                    "language": "fi",
                    "role": "customer",
                    "answers": {"nps": 2},
                    "text": texts[number],
                    "idempotency_key": str(uuid4()),
                },
            )
            assert answer.status_code == 201, answer.text
            return time.monotonic() - started

        return max(await asyncio.gather(*(give(number) for number in range(len(texts)))))


def recorded_times():
    from palauteketju.handling.models import Case

    rows = Case.objects.values_list("pk", "feedback__recorded_at")
    return {case: at.timestamp() for case, at in rows}


if __name__ == "__main__":
    main()
