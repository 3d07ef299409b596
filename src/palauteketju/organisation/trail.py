"""Entries of the audit trail as people read them: what each is about, and its facts. The entries stay as they are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q
from django.utils import dateformat
from django.utils.translation import gettext as _

from palauteketju.audit.facts import FACTS, SUBJECTS, Reading, code_in_words, key_of
from palauteketju.audit.models import Entry
from palauteketju.organisation.days import day_in_words, moment_in_words
from palauteketju.organisation.models import Person, Unit

# A unit, by its number or its code, or a person by the number.
_Named = tuple[Reading, int | str]
_NAMED: Final = {"organisation.unit": Reading.UNIT, "organisation.person": Reading.PERSON}
_ORDER: Final = {key: place for place, key in enumerate(FACTS)}


@dataclass(frozen=True)
class Told:
    entry: Entry
    subject: str
    # Names and values.
    facts: list[tuple[str, str]]


def told(entries: Sequence[Entry]) -> list[Told]:
    """In the active language. However many entries there are, units and people take one query each."""
    names = _names({one for entry in entries for one in _named_in(entry)})
    return [Told(entry, _subject(entry, names), _facts(entry, names)) for entry in entries]


def _named_in(entry: Entry) -> Iterator[_Named]:
    if subject := _named_subject(entry):
        yield subject
    for name, value in entry.facts.items():
        fact = FACTS.get(key_of(entry.action, name))
        if fact and fact.reading in _NAMED.values() and isinstance(value, int | str):
            yield fact.reading, value


def _named_subject(entry: Entry) -> _Named | None:
    reading = _NAMED.get(entry.subject_type)
    return (reading, int(entry.subject_id)) if reading and entry.subject_id.isdecimal() else None


def _names(asked: set[_Named]) -> dict[_Named, str]:
    units = [one for reading, one in asked if reading == Reading.UNIT]
    people = [one for reading, one in asked if reading == Reading.PERSON and isinstance(one, int)]
    numbers, codes = ([one for one in units if isinstance(one, kind)] for kind in (int, str))
    names: dict[_Named, str] = {}
    for unit in Unit.objects.filter(Q(pk__in=numbers) | Q(code__in=codes)):
        names[Reading.UNIT, unit.pk] = names[Reading.UNIT, unit.code] = unit.name
    for person in Person.objects.filter(pk__in=people):
        names[Reading.PERSON, person.pk] = str(person)
    return names


def _subject(entry: Entry, names: Mapping[_Named, str]) -> str:
    named = _named_subject(entry)
    if named and named in names:
        return names[named]
    words = SUBJECTS.get(entry.subject_type)
    if words is None:
        return f"{entry.subject_type} {entry.subject_id}"
    return str(words) % {"number": entry.subject_id}


def _facts(entry: Entry, names: Mapping[_Named, str]) -> list[tuple[str, str]]:
    """Those of earlier versions of the program, which nobody knows any more, come last and as they were written."""
    keys = {name: key_of(entry.action, name) for name in entry.facts}
    return [
        (str(FACTS[keys[name]].name), _value(keys[name], entry.facts[name], names))
        if keys[name] in FACTS
        else (name, str(entry.facts[name]))
        for name in sorted(keys, key=lambda name: _ORDER.get(keys[name], len(_ORDER)))
    ]


def _value(key: str, value: Any, names: Mapping[_Named, str]) -> str:
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    reading = FACTS[key].reading
    if isinstance(value, int | str) and reading in _NAMED.values():
        return names.get((reading, value), str(value))
    if not isinstance(value, str):
        return str(value)
    if reading in {Reading.CODES, Reading.NUMBERS}:
        return ", ".join(str(code_in_words(key, one)) for one in re.split(r"[\s,]+", value))
    return value if reading == Reading.AS_WRITTEN else _time(reading, value)


def _time(reading: Reading, value: str) -> str:
    try:
        # Only whole moments have a time zone, and only they are told with the clock.
        time = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except ValueError:
        return value
    match reading:
        case Reading.MOMENT if isinstance(time, datetime):
            return moment_in_words(time)
        case Reading.MONTH:
            return dateformat.format(time, "F Y")
        case _:
            return day_in_words(time)
