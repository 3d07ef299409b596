"""What the worklist and a case page cost on the server, with few cases and with many.

    .venv/bin/python -m benchmarks.worklist [--sizes 1000 100000] [--open 10] [--times 40]

For each size a stage is filled anew: 250 units, so many cases, `--open` per cent of them open, each with a message and
a reading in the audit trail. Then, in this process and through the whole of Django (middleware, session, templates,
audit entry), each page is asked for by a handler of one unit, by a handler of one area and by a manager of the
county, who sees every case. Printed are the median and the 95th percentile in milliseconds, the number of queries,
and how many times the smallest size's median the largest size's is.
"""

import argparse
import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from benchmarks.stage import stage

SENTENCES = [
    "Vastaanotto oli siisti ja lääkäri kuunteli rauhassa.",
    "Jonotin puhelimessa tunnin eikä kukaan soittanut takaisin.",
    "Hoitaja selitti lääkityksen niin, että ymmärsin sen.",
    "Opasteet aulassa veivät väärään kerrokseen.",
    "Laboratorioon pääsi nopeasti, kiitos siitä.",
    "Sain ajan vasta kolmen viikon päähän, vaikka kipu oli kova.",
    "Väntetiden var lång men personalen var vänlig.",
    "Nobody told me how my care continues.",
    "Pysäköinti maksoi enemmän kuin itse käynti.",
    "Kotihoidon käynti jäi väliin kahdesti samalla viikolla.",
]
BATCH = 5000


def fill(cases: int, open_percent: int) -> dict:
    """Rows as they stand after years, and three people; what a text says does not matter here, only its size."""
    from django.db import connection

    from palauteketju.audit.models import Entry
    from palauteketju.handling.models import Case, Message
    from palauteketju.intake.models import Feedback
    from palauteketju.organisation.models import Person, Role, Unit

    chance, now = random.Random(1), datetime.now(tz=UTC)
    units = list(Unit.objects.filter(kind="unit").order_by("code"))
    scopes = {"unit": units[0], "area": units[0].parent, "county": Unit.objects.get(kind="county")}
    people = {}
    for name, scope in scopes.items():
        people[name] = Person.objects.create(
            username=name, first_name=name, email=f"{name}@example.fi", password="!"
        )
        kind = Role.Kind.MANAGER if name == "county" else Role.Kind.HANDLER
        Role.objects.create(person=people[name], unit=scope, kind=kind)
    numbers = 0
    for start in range(0, cases, BATCH):
        size = min(BATCH, cases - start)
        feedback = Feedback.objects.bulk_create(
            [_feedback(Feedback, chance.choice(units), chance, now) for _ in range(size)]
        )
        made = Case.objects.bulk_create([_case(Case, one, chance, now, open_percent) for one in feedback])
        Message.objects.bulk_create(
            Message(
                case=case,
                kind="note",
                author=people["unit"],
                text=chance.choice(SENTENCES),
                at=case.opened_at,
            )
            for case in made
        )
        Entry.objects.bulk_create(
            Entry(
                number=numbers + place,
                at=case.opened_at,
                actor=people["unit"],
                action="handling.case.read",
                subject_type="handling.case",
                subject_id=str(case.pk),
                seal=bytes(32),
            )
            for place, case in enumerate(made, start=1)
        )
        numbers += size
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return people


def _feedback(model, unit, chance, now):
    arrived = now - timedelta(minutes=chance.randrange(1, 60 * 24 * 365))
    return model(
        unit=unit,
        channel=chance.choice(["web", "qr", "paper", "phone"]),
        respondent="customer",
        language="fi",
        question_set="thl-2",
        answers={"nps": "6", "access": "2"},
        text=" ".join(chance.sample(SENTENCES, 3)) + f" Asia numero{chance.randrange(10**9)}.",
        wants_answer=True,
        arrived_at=arrived,
        recorded_at=arrived,
        promise=1,
        nonce=uuid4(),
        receipt_hash=chance.randbytes(32),
        triage_due=False,
    )


def _case(model, feedback, chance, now, open_percent):
    is_open = chance.randrange(100) < open_percent
    arrived = now - timedelta(minutes=chance.randrange(1, 60 * 24 * 20)) if is_open else feedback.arrived_at
    reacted = arrived + timedelta(hours=5) if not is_open or chance.random() < 0.5 else None
    return model(
        feedback=feedback,
        unit=feedback.unit,
        road=chance.choices(["contact", "urgent_contact", "urgent"], [8, 1, 1])[0],
        channel=feedback.channel,
        arrived_at=arrived,
        opened_at=arrived,
        due_at=arrived + timedelta(days=14),
        first_reaction_at=reacted,
        waiting_since=reacted if is_open and chance.random() < 0.2 else None,
        answered_at=None if is_open else reacted,
        closed_at=None if is_open else reacted,
        outcome="" if is_open else "answered",
    )


def measure(people: dict, times: int) -> dict[str, tuple[float, float, int]]:
    """Milliseconds (median, 95th percentile) and queries of each page, by its name."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from palauteketju.handling.models import Case
    from palauteketju.organisation.access import units_of

    clients = {}
    for name, person in people.items():
        clients[name] = Client(SERVER_NAME="127.0.0.1")
        clients[name].force_login(person)
    own = Case.objects.filter(unit__in=units_of(people["unit"], "handler"))
    case = own.filter(closed_at__isnull=True).first() or own.first()

    def listed(name, query=""):
        return lambda: clients[name].get(f"/tyolista/{query}")

    def search(name, words):
        return lambda: clients[name].post("/tyolista/haku/", {"words": words})

    pages = {
        "worklist, one unit": listed("unit"),
        "worklist, one area": listed("area"),
        "worklist, county": listed("county"),
        "worklist, county, late": listed("county", "?tila=myohassa"),
        "worklist, county, by road": listed("county", "?tie=contact"),
        "worklist, county, by channel": listed("county", "?kanava=web"),
        "case page": lambda: clients["unit"].get(f"/kasittely/{case.pk}/"),
        "case page, manager": lambda: clients["county"].get(f"/kasittely/{case.pk}/"),
        "search, rare word, area": search("area", "numero123"),
        "search, common word, area": search("area", "hoitaja lääke"),
    }
    results = {}
    for name, ask in pages.items():
        assert ask().status_code == 200, name
        with CaptureQueriesContext(connection) as captured:
            ask()
        # Counted now: the next request begins a new list.
        queries = len(captured)
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            ask()
            taken.append(1000 * (time.perf_counter() - began))
        results[name] = statistics.median(taken), statistics.quantiles(taken, n=20)[-1], queries
    return results


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--open", type=int, default=10)
    parser.add_argument("--times", type=int, default=40)
    given = parser.parse_args()
    by_size = {}
    with stage(with_worker=False):
        for size in given.sizes:
            empty()
            began = time.perf_counter()
            people = fill(size, given.open)
            print(f"{size} cases, {given.open} % open, filled in {time.perf_counter() - began:.0f} s")
            by_size[size] = measure(people, given.times)
            for name, (median, slow, queries) in by_size[size].items():
                print(f"  {name:<28} median {median:7.1f} ms  p95 {slow:7.1f} ms  queries {queries}")
    few, many = by_size[min(by_size)], by_size[max(by_size)]
    print("How many times the time of the smallest size:")
    for name, (median, _slow, queries) in many.items():
        same = "same queries" if queries == few[name][2] else f"{few[name][2]} -> {queries} queries"
        print(f"  {name:<28} {median / few[name][0]:5.1f}  {same}")


def empty() -> None:
    from django.db import connection

    from palauteketju.organisation.models import Person

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE intake_feedback, audit_entry CASCADE")
    Person.objects.all().delete()


if __name__ == "__main__":
    main()
