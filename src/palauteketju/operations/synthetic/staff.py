"""Invented staff: they answer, ask, act, and some of them are late; some measures come of it."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from palauteketju.handling import actions as handling
from palauteketju.handling.excerpts import propose
from palauteketju.handling.models import Case, Prompt, Quote
from palauteketju.intake.models import Feedback
from palauteketju.operations.synthetic.customers import TEXTS
from palauteketju.organisation.models import Person

Deed = Callable[[datetime], None]
HANDLERS_ASK, HANDLERS_FORGET, HANDLERS_QUOTE = 0.12, 0.07, 0.08


@dataclass
class Staff:
    """What the handlers will do, in the order of its time."""

    random_: random.Random
    _plans: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _number: int = 0

    def plan(self, at: datetime, deed: Deed) -> None:
        self._number += 1
        heapq.heappush(self._plans, (at, self._number, deed))

    def work_until(self, moment: datetime) -> None:
        while self._plans and self._plans[0][0] <= moment:
            at, _number, deed = heapq.heappop(self._plans)
            deed(at)

    def take_on(self, case: Case, *, by: Person, language: str, opened: datetime) -> None:
        """Prompt the handler, who reacts within hours when it is urgent, else within days, and now and then never."""
        for prompt in Prompt.objects.filter(case=case, sent_at__isnull=True):
            handling.send_prompts([prompt.pk], at=opened + timedelta(seconds=20))
        if self.random_.random() < HANDLERS_FORGET:
            return
        hours = self.random_.uniform(1, 20) if case.is_urgent else min(self.random_.expovariate(1 / 90), 320)
        at = _in_working_hours(opened + timedelta(hours=hours))
        if case.wants_answer and self.random_.random() < HANDLERS_ASK:
            self.plan(at, lambda now: self._ask(case, by, now))
        elif case.wants_answer:
            self.plan(at, lambda now: self._answer(case, by, language, now))
        else:
            self.plan(at, lambda now: self._act(case, by, now))

    def read(self, feedback: Feedback, *, by: Person) -> None:
        """Now and then the handler chooses what was written for the reports, if nothing in it needs a mask."""
        if feedback.kind in Quote.Kind.values and self.random_.random() < HANDLERS_QUOTE:
            at = _in_working_hours(feedback.recorded_at + timedelta(hours=self.random_.uniform(2, 30)))
            self.plan(at, lambda now: self._quote(feedback, by, now))

    def _quote(self, feedback: Feedback, by: Person, at: datetime) -> None:
        if not propose(feedback.text, language=feedback.language).found:
            handling.approve_quote(feedback, text=feedback.text, kind=feedback.kind, by=by, at=at)

    def _ask(self, case: Case, by: Person, at: datetime) -> None:
        handling.ask_clarification(case, TEXTS["responses"]["clarification"][0], by=by, at=at)

    def _answer(self, case: Case, by: Person, language: str, at: datetime) -> None:
        handling.answer(case, self.random_.choice(TEXTS["responses"][language]), by=by, at=at)
        case.refresh_from_db()
        if not case.is_closed:
            # The customer asked for a call or a letter.
            done = "Vastaus annettiin asiakkaalle niin kuin hän pyysi."
            handling.close_case(case, Case.Outcome.ANSWERED, by=by, at=at + timedelta(minutes=1), done=done)

    def _act(self, case: Case, by: Person, at: datetime) -> None:
        handling.close_case(
            case,
            Case.Outcome.ACTED,
            by=by,
            at=at,
            done="Tilanne tarkistettiin heti ja lääkelista käytiin läpi omaisen kanssa.",
        )


def _in_working_hours(moment: datetime) -> datetime:
    """The same moment, or the next weekday morning at nine."""
    moment = moment.replace(hour=9) if moment.hour < 7 else moment
    if moment.hour >= 16:
        moment = (moment + timedelta(days=1)).replace(hour=8)
    while moment.weekday() >= 5:
        moment = (moment + timedelta(days=1)).replace(hour=9)
    return moment
