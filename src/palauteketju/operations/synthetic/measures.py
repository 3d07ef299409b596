"""What invented units decide because of their feedback, and communications approves."""

import random
from datetime import datetime, timedelta

from palauteketju.improvement import actions as improvement
from palauteketju.improvement.errors import NothingToRestOn
from palauteketju.operations.synthetic.county import Place
from palauteketju.operations.synthetic.customers import TEXTS
from palauteketju.organisation.models import Person
from palauteketju.organisation.rules import county_rules

# Every so many weeks each of the busiest units decides something.
EVERY_WEEKS, BUSIEST = 3, 12


def decide(places: list[Place], week: int, *, approver: Person, at: datetime, random_: random.Random) -> None:
    """At the end of some weeks: measures that rest on the figures of the last weeks; most are approved, some wait."""
    if week % EVERY_WEEKS != EVERY_WEEKS - 1:
        return
    busiest = sorted(places, key=lambda place: (-place.weight, place.unit.code))[:BUSIEST]
    for place in random_.sample(busiest, k=max(1, len(busiest) // 3)):
        idea = random_.choice(TEXTS["measures"])
        plan = improvement.Plan(
            unit=place.unit,
            stream=f"{county_rules().question_set}/{idea['stream']}",
            theme="",
            period_from=(at - timedelta(weeks=EVERY_WEEKS)).date(),
            period_to=(at - timedelta(days=1)).date(),
            title=idea["title"],
            description=idea["text"],
            responsible="Osastonhoitaja",
            due=(at + timedelta(weeks=4)).date(),
        )
        try:
            measure = improvement.record_measure(plan, by=place.handler, at=at)
        except NothingToRestOn:
            # A quiet unit has no block of that question yet.
            continue
        if random_.random() < 0.8:
            improvement.approve_measure(measure.pk, by=approver, at=at + timedelta(hours=2))
