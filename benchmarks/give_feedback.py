"""How many customers a second: GET the form, POST the feedback, beside PostgreSQL's own rate for the same row.

    .venv/bin/python -m benchmarks.give_feedback [--seconds 10] [--connections 16] [--texts 4] [--worker]

Every fourth customer (`--texts 4`) writes a text, which is one more row, the job that triages it. All rows are counted in the
database afterwards. pgbench inserts the same row, ratings only, with as many clients, in the same run.
"""

import argparse
import re
import selectors
import socket
import subprocess
import time
from urllib.parse import urlencode

import psycopg

from benchmarks.stage import Stage, stage

ANSWERS = {
    "nps": "9",
    "access": "5",
    "caring": "4",
    "participation": "5",
    "safety": "5",
    "continuity": "3",
    "information": "4",
    "benefit": "5",
}
TEXT = "Hoitaja kuunteli rauhassa ja selitti asiat niin, että ymmärsin. Odotustilassa oli vähän kylmä."
_NONCE = re.compile(rb'name="nonce" value="([^"]+)"')
_INSERT = """
INSERT INTO intake_feedback (unit_id, channel, respondent, assisted, language, question_set, answers, text, kind,
    needs_attention, wants_answer, arrived_at, recorded_at, promise, nonce, receipt_hash, triage_due)
SELECT id, 'web', 'customer', false, 'fi', 'thl-2',
    '{"nps": "9", "access": "5", "caring": "4", "participation": "5", "safety": "5", "continuity": "3", "information": "4", "benefit": "5"}',
    '', '', false, false, now(), now(), 1, gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), false
FROM organisation_unit WHERE slug = 'y001';
"""


class Customer:
    """One connection: get the form, read its nonce, post it, begin again."""

    def __init__(self, port: int, number: int, texts: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.setblocking(False)
        self.unit = f"y{number % 200 + 1:03d}"
        self.texts, self.pairs, self.refused = texts, 0, 0
        self.received = b""
        self.posted = False
        self.get = f"GET /p/{self.unit}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()

    def ask(self) -> None:
        self.posted = False
        self.connection.sendall(self.get)

    def answer(self, nonce: str) -> None:
        fields = {
            "nonce": nonce,
            "language": "fi",
            "question_set": "thl-2",
            **{f"answers.{name}": value for name, value in ANSWERS.items()},
        }
        if self.texts and self.pairs % self.texts == 0:
            fields["text"] = TEXT
        body = urlencode(fields).encode()
        head = f"POST /p/{self.unit}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        self.posted = True
        self.connection.sendall(head.encode() + body)

    def read(self) -> bool:
        """Whether a pair was finished by what has come."""
        self.received += self.connection.recv(262144)
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])
        if len(body) < length:
            return False
        self.received = b""
        if not self.posted:
            self.answer(_NONCE.search(body)[1].decode())
            return False
        self.pairs += 1
        if not head.startswith(b"HTTP/1.1 200"):
            self.refused += 1
        return True


def drive(port: int, *, seconds: float, connections: int, texts: int) -> tuple[int, int, float]:
    """Pairs finished, pairs refused and the seconds it took."""
    customers = [Customer(port, number, texts) for number in range(connections)]
    selector = selectors.DefaultSelector()
    for customer in customers:
        selector.register(customer.connection, selectors.EVENT_READ, customer)
        customer.ask()
    began = time.perf_counter()
    busy = connections
    while busy:
        for key, _events in selector.select(timeout=10):
            customer = key.data
            if customer.read():
                if time.perf_counter() - began < seconds:
                    customer.ask()
                else:
                    selector.unregister(customer.connection)
                    customer.connection.close()
                    busy -= 1
    took = time.perf_counter() - began
    return (
        sum(customer.pairs for customer in customers),
        sum(customer.refused for customer in customers),
        took,
    )


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM intake_feedback").fetchone()[0]


def pgbench(on: Stage, *, seconds: int, clients: int) -> float:
    """Transactions a second of the same INSERT alone, on the same database."""
    script = on.data / "insert.sql"
    script.write_text(_INSERT, encoding="utf-8")
    told = subprocess.run(
        [
            on.database.binaries["pgbench"],
            "-n",
            "-f",
            script,
            "-T",
            str(seconds),
            "-c",
            str(clients),
            "-j",
            "2",
            on.database.url,
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return float(re.search(r"tps = ([\d.]+)", told)[1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--texts", type=int, default=4, help="every nth customer writes a text; 0: nobody")
    parser.add_argument(
        "--worker", action="store_true", help="let the worker triage meanwhile, as it does in use"
    )
    options = parser.parse_args()
    with stage(with_worker=options.worker) as on:
        drive(on.port, seconds=2, connections=options.connections, texts=options.texts)
        before = rows(on.database.url)
        pairs, refused, took = drive(
            on.port, seconds=options.seconds, connections=options.connections, texts=options.texts
        )
        stored = rows(on.database.url) - before
        limit = pgbench(on, seconds=options.seconds, clients=options.connections)
    rate = pairs / took
    print(f"pairs: {pairs} in {took:.1f} s, refused {refused}, rows stored {stored}")
    print(f"pairs a second: {rate:.0f}")
    print(f"pgbench, same row: {limit:.0f} a second")
    print(f"ratio: {rate / limit:.3f}")
    if refused or stored != pairs:
        raise SystemExit("Some answers were refused or lost: the figures do not count.")


if __name__ == "__main__":
    main()
