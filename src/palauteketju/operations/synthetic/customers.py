"""Invented customers: what they answer, write and ask."""

import random
import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from palauteketju.intake.models import Feedback
from palauteketju.operations.synthetic.county import Place
from palauteketju.surveys.library import QuestionSet

HELSINKI = ZoneInfo("Europe/Helsinki")
TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
THEMES = ("encounter", "access", "information", "skill", "premises", "parking", "digital", "schedule")
CHANNELS = {"web": 25, "qr": 20, "kiosk": 10, "sms": 35, "paper": 7, "phone": 3}
LANGUAGES = {"fi": 88, "sv": 8, "en": 4}


@dataclass(frozen=True)
class Visit:
    """One customer's feedback before it is given: the raw fields as a form would send them."""

    place: Place
    at: datetime
    channel: str
    language: str
    raw: dict[str, Any]


def week(
    places: list[Place], monday: datetime, count: int, random_: random.Random, question_set: QuestionSet
) -> list[Visit]:
    """A week's feedback in the order it comes: more on weekdays and by day."""
    drawn = random_.choices(places, weights=[place.weight for place in places], k=count)
    visits = [_visit(place, _moment(monday, random_), random_, question_set) for place in drawn]
    return sorted(visits, key=lambda visit: (visit.at, visit.place.unit.code))


def _moment(monday: datetime, random_: random.Random) -> datetime:
    day = random_.choices(range(7), weights=[18, 18, 17, 17, 16, 8, 6])[0]
    seconds = int(min(max(random_.gauss(14.5, 3.5), 6), 23.5) * 3600) + random_.randrange(3600) // 2
    midnight = datetime.combine(monday.date() + timedelta(days=day), time(0), tzinfo=HELSINKI)
    return midnight + timedelta(seconds=min(seconds, 86399))


def _visit(place: Place, at: datetime, random_: random.Random, question_set: QuestionSet) -> Visit:
    channel = random_.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0]
    language = random_.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))[0]
    mood = random_.gauss(0.7 + place.quality, 0.9)
    raw: dict[str, Any] = {"answers": _answers(mood, channel, random_, question_set)}
    raw["role"] = random_.choices(Feedback.Respondent.values, weights=[90, 2, 8])[0]
    if random_.random() < (0.2 if channel == Feedback.Channel.SMS else 0.45):
        raw |= _words(mood, language, random_)
        if channel not in {Feedback.Channel.SMS, Feedback.Channel.KIOSK} and random_.random() < _wish(
            raw["kind"]
        ):
            raw["contact"] = _contact(random_)
    if channel == Feedback.Channel.PAPER:
        raw["arrived_at"] = at - timedelta(days=random_.randrange(4))
    return Visit(place, at, channel, language, raw)


def _answers(mood: float, channel: str, random_: random.Random, question_set: QuestionSet) -> dict[str, str]:
    answers = {"nps": str(min(10, max(0, round(7.4 + 1.9 * mood + random_.gauss(0, 0.8)))))}
    for question in question_set.questions:
        if question.kind != "statement" or (
            channel == Feedback.Channel.SMS and question.id not in {"caring", "information"}
        ):
            continue
        chance = random_.random()
        if chance < 0.08:
            continue
        answers[question.id] = (
            "na" if chance < 0.15 else str(min(5, max(1, round(3.7 + 0.8 * mood + random_.gauss(0, 0.6)))))
        )
    return answers


def _words(mood: float, language: str, random_: random.Random) -> dict[str, Any]:
    chance = random_.random()
    if chance < 0.012:
        return {
            "kind": "criticism",
            "text": random_.choice(TEXTS["urgent"]["criticism"][language]),
            "needs_attention": chance < 0.006,
        }
    if chance < 0.10:
        return {"kind": "idea", "text": random_.choice(TEXTS["ideas"]["thanks"][language])}
    if chance < 0.15:
        return {"kind": "question", "text": random_.choice(TEXTS["questions"]["thanks"][language])}
    kind = "thanks" if mood > 0.4 else "criticism"
    themes = random_.sample(THEMES, k=random_.choice([1, 1, 2]))
    return {"kind": kind, "text": " ".join(random_.choice(TEXTS[theme][kind][language]) for theme in themes)}


def _wish(kind: str) -> float:
    return {"thanks": 0.03, "criticism": 0.4, "idea": 0.15, "question": 0.9}[kind]


def _contact(random_: random.Random) -> dict[str, str]:
    # Nobody by text message: an invented county sends none.
    way = random_.choices(["receipt", "email", "phone", "letter"], weights=[40, 35, 20, 5])[0]
    number = random_.randrange(10_000, 99_999)
    values = {
        "receipt": "",
        "email": f"asiakas{number}@posti.example",
        "phone": f"+35840{number:07d}",
        "letter": f"Asiakas {number}\nKoivukuja {number % 90 + 1}\n00001 Esimerkkilä",
    }
    return {"way": way, "value": values[way]}
