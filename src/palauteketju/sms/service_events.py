"""Service events (a visit, a call, home care …) as a patient system tells them, read row by row.

Only the shape is judged here. Whether an event leads to a message is for `eligibility` to say, so an
empty permission or birth year is no error of its row. No message of this module repeats what a row or
a header holds: rows hold phone numbers, and the first line of a file without a header is a row.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, TypedDict


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation; whoever shows it translates it into the reader's language."""
    return message


PROBLEMS = {
    # The whole file is refused.
    "not_utf8": gettext_noop("The file is not UTF-8 text."),
    "empty_file": gettext_noop("The file is empty: it needs a header line with the names of the columns."),
    "missing_column": gettext_noop("The column %(field)s is missing from the header line."),
    "repeated_column": gettext_noop("The column %(field)s is in the header line twice."),
    "forbidden_column": gettext_noop(
        "Column %(position)s does not belong here: no diagnoses, performers, names or identity codes."
    ),
    "unknown_column": gettext_noop("Column %(position)s has a name that is not in use here."),
    # The row is refused.
    "open_quote": gettext_noop("A quotation mark is not closed, or stands in the wrong place."),
    "long_row": gettext_noop("The row is longer than %(limit)s characters."),
    "cell_count": gettext_noop("The row has %(found)s cells and the header line %(expected)s."),
    "not_an_object": gettext_noop("The event is not an object with named fields."),
    "forbidden_field": gettext_noop(
        "The event has a field that does not belong here: no diagnoses, performers, names or identity codes."
    ),
    "unknown_field": gettext_noop("The event has a field that is not in use here."),
    "missing": gettext_noop("%(field)s is missing."),
    "wrong_type": gettext_noop("%(field)s is not text, a whole number, true, false or null."),
    "too_long": gettext_noop("%(field)s is longer than %(limit)s characters."),
    "unprintable": gettext_noop("%(field)s has characters that cannot be shown."),
    "not_a_time": gettext_noop("%(field)s is not a time such as 2026-11-02T09:30:00+02:00."),
    "no_offset": gettext_noop("%(field)s does not say its offset from UTC, such as +02:00."),
    "not_a_year": gettext_noop("%(field)s is not a year of four digits."),
    "not_a_flag": gettext_noop("%(field)s is neither 1, 0 nor empty."),
    "not_a_count": gettext_noop("%(field)s is not a whole number."),
    "unit_unknown": gettext_noop("There is no such unit."),
    "unit_not_yours": gettext_noop("The key is not for this unit."),
    "conflicting": gettext_noop("The same event_id is here more than once with different contents."),
}

# Field → the longest value taken, in characters.
COLUMNS = {
    "event_id": 100,
    "phone": 40,
    "occurred_at": 40,
    "visit_type": 100,
    "language": 35,
    "birth_year": 20,
    "municipality": 100,
    "unit": 64,
    "permission": 20,
    "non_disclosure": 20,
    "phones_on_file": 20,
}

# Told apart from other unknown columns so that the sender learns not to export them at all.
_FORBIDDEN = re.compile(
    r"diagno|icd|icpc|performer|doctor|physician|nurse|practitioner|professional|suorit|tekij|lääk|hoitaja"
    r"|ammatti|utför|läkare|skötare|last_?name|first_?name|sukunimi|etunimi|hetu|henkilötunnus|ssn|personbeteckning",
    re.IGNORECASE,
)
_LENGTH = 10_000  # characters a row may take
_SPAN = 20  # physical lines one row may take before its quotation mark counts as never closed
_FLAGS = {"": None, "1": True, "0": False}


@dataclass(frozen=True)
class ServiceEvent:
    """One event, with None for what the record does not say.

    What could tell who somebody is stays out of the `repr`, and so out of logs and error reports.
    """

    event_id: str
    phone: str = field(repr=False)
    occurred_at: datetime = field(repr=False)
    visit_type: str = field(repr=False)
    language: str
    birth_year: int | None = field(repr=False)
    municipality: str = field(repr=False)
    unit: str
    permission: bool | None
    non_disclosure: bool | None = field(repr=False)
    phones_on_file: int | None


@dataclass(frozen=True)
class RowError:
    """A code of `PROBLEMS` and what its sentence needs: names of our own fields, positions and limits."""

    code: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    def message(self, translate: Callable[[str], str] = str) -> str:
        return translate(PROBLEMS[self.code]) % self.parameters


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row; `line` is the physical line it starts on, from 1."""

    line: int
    errors: tuple[RowError, ...]


class FileRefused(Exception):
    """Nothing of the file is taken: its columns or its encoding are not those agreed on."""

    def __init__(self, line: int, errors: Iterable[RowError]) -> None:
        self.problem = Problem(line, tuple(errors))
        super().__init__(f"line {line}: " + " ".join(error.message() for error in self.problem.errors))


class Rejected(TypedDict):
    index: int
    errors: list[dict[str, str | int | None]]


# What else speaks against an event of sound shape, such as a unit that is not there.
Objection = Callable[[ServiceEvent], RowError | None]


def read_csv(
    stream: BinaryIO, *, objection: Objection | None = None
) -> tuple[list[ServiceEvent], list[Problem]]:
    """The good rows as events, and each bad row with its line and reasons.

    UTF-8 with or without a byte order mark, commas or semicolons, columns in any order. A row repeated
    as it was counts once; an event told in two ways is taken in neither, because one of them may be
    the one that forbids the message. Raises FileRefused.
    """
    text = _decoded(stream.read())
    if not text.strip():
        raise FileRefused(1, [RowError("empty_file")])

    rows = _rows(text)
    line, header, _ = next(rows)
    columns = _columns(line, header)

    places: list[int] = []
    found: list[ServiceEvent | tuple[RowError, ...]] = []
    for line, cells, error in rows:
        if error is not None:
            row: ServiceEvent | tuple[RowError, ...] = (error,)
        elif len(cells) != len(columns):
            row = (RowError("cell_count", {"found": len(cells), "expected": len(columns)}),)
        elif any(cells):
            row = _judged(_event(dict(zip(columns, cells, strict=True))), objection)
        else:
            continue  # spreadsheets add rows of separators alone
        places.append(line)
        found.append(row)

    events, refused = _unambiguous(found)
    return events, [Problem(places[index], errors) for index, errors in refused]


def read_json(
    items: Sequence[object], *, translate: Callable[[str], str] = str, objection: Objection | None = None
) -> tuple[list[ServiceEvent], list[Rejected]]:
    """As `read_csv`, for events that came as parsed JSON: a field left out is the same as an empty one.

    What is rejected is ready to be answered, its sentences passed through `translate`.
    """
    events, refused = _unambiguous([_judged(_item(item), objection) for item in items])
    return events, [
        {
            "index": index,
            "errors": [
                {
                    "field": error.parameters.get("field"),
                    "code": error.code,
                    "message": error.message(translate),
                }
                for error in errors
            ],
        }
        for index, errors in refused
    ]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        # `from None`: the original error carries the whole file, phone numbers included.
        raise FileRefused(len(_lines(before)), [RowError("not_utf8")]) from None


def _lines(text: str) -> list[str]:
    # Not splitlines(): it also breaks at characters that are part of a value.
    return re.split(r"\r\n|\r|\n", text)


def _rows(text: str) -> Iterator[tuple[int, list[str], RowError | None]]:
    """Each row with the line it starts on; a quoted line break does not end a row.

    A row whose quotation marks make no sense costs only its own first line: reading goes on from the
    next, so that one stray mark does not swallow the good rows after it.
    """
    lines = _lines(text)
    header = next(line for line in lines if line.strip())
    delimiter = ";" if header.count(";") > header.count(",") else ","
    width = position = 0
    while position < len(lines):
        start, position = position, position + 1
        if not lines[start].strip():
            continue

        end = position
        while _is_open(lines[start:end]) and end < min(start + _SPAN, len(lines)):
            end += 1
        row = "\n".join(lines[start:end])
        cells = _cells(row, delimiter)
        if len(lines[start]) > _LENGTH:
            yield start + 1, [], RowError("long_row", {"limit": _LENGTH})
        elif cells is None or (end > position and len(cells) != width > 0):
            yield start + 1, [], RowError("open_quote")
        else:
            position, width = end, width or len(cells)
            yield start + 1, cells, None


def _cells(row: str, delimiter: str) -> list[str] | None:
    try:
        (cells,) = csv.reader([row], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return None
    return [cell.strip() for cell in cells]


def _is_open(lines: Sequence[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def _columns(line: int, header: Sequence[str]) -> list[str]:
    names = [name.casefold() for name in header]
    errors = [
        RowError("forbidden_column" if _FORBIDDEN.search(name) else "unknown_column", {"position": position})
        for position, name in enumerate(names, start=1)
        if name not in COLUMNS
    ]
    errors += [RowError("missing_column", {"field": name}) for name in COLUMNS if name not in names]
    errors += [RowError("repeated_column", {"field": name}) for name in COLUMNS if names.count(name) > 1]
    if errors:
        raise FileRefused(line, errors)
    return names


def _judged(
    row: ServiceEvent | tuple[RowError, ...], objection: Objection | None
) -> ServiceEvent | tuple[RowError, ...]:
    if objection is None or not isinstance(row, ServiceEvent):
        return row
    error = objection(row)
    return row if error is None else (error,)


def _item(item: object) -> ServiceEvent | tuple[RowError, ...]:
    if not isinstance(item, Mapping):
        return (RowError("not_an_object"),)

    strangers = [str(key) for key in item if key not in COLUMNS]
    if strangers:
        forbidden = any(_FORBIDDEN.search(name) for name in strangers)
        return (RowError("forbidden_field" if forbidden else "unknown_field"),)
    return _event(item)


def _event(values: Mapping[str, object]) -> ServiceEvent | tuple[RowError, ...]:
    row = _Row(values)
    event_id, unit, occurred_at = row.required("event_id"), row.required("unit"), row.time("occurred_at")
    event = {
        "phone": row.line("phone"),
        "visit_type": row.line("visit_type"),
        "language": row.line("language"),
        "municipality": row.line("municipality"),
    }
    birth_year = row.number("birth_year", r"[0-9]{4}", "not_a_year")
    phones_on_file = row.number("phones_on_file", r"[0-9]{1,3}", "not_a_count")
    permission, non_disclosure = row.flag("permission"), row.flag("non_disclosure")

    if row.errors or occurred_at is None:
        return tuple(row.errors)
    return ServiceEvent(
        event_id=event_id,
        unit=unit,
        occurred_at=occurred_at,
        birth_year=birth_year,
        phones_on_file=phones_on_file,
        permission=permission,
        non_disclosure=non_disclosure,
        **event,
    )


class _Row:
    """The values of one row by name, gathering what is wrong with them."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self.errors: list[RowError] = []

    def line(self, name: str) -> str:
        """The value as one line of printable text; empty when it is missing or wrong."""
        value = self._values.get(name)
        if isinstance(value, bool) and name in {"permission", "non_disclosure"}:
            value = "1" if value else "0"
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
            value = str(value)
        elif value is not None and not isinstance(value, str):
            # `true` is no count of phones: taken as 1 it would speak for sending.
            return self._refuse("wrong_type", name)

        text = " ".join((value or "").split())
        if len(text) > COLUMNS[name]:
            return self._refuse("too_long", name, limit=COLUMNS[name])
        if not text.isprintable():
            return self._refuse("unprintable", name)
        return text

    def required(self, name: str) -> str:
        before = len(self.errors)
        text = self.line(name)
        if not text and len(self.errors) == before:
            self._refuse("missing", name)
        return text

    def time(self, name: str) -> datetime | None:
        text = self.required(name)
        if not text:
            return None
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            time = None
        # The years bound what calendars, time zones and holidays can be computed for.
        if time is None or not 2000 <= time.year < 2100:
            self._refuse("not_a_time", name)
            return None
        if time.utcoffset() is None:
            self._refuse("no_offset", name)
            return None
        return time

    def number(self, name: str, pattern: str, code: str) -> int | None:
        text = self.line(name)
        if text and not re.fullmatch(pattern, text):
            self._refuse(code, name)
            return None
        return int(text) if text else None

    def flag(self, name: str) -> bool | None:
        text = self.line(name)
        if text not in _FLAGS:
            self._refuse("not_a_flag", name)
        return _FLAGS.get(text)

    def _refuse(self, code: str, name: str, **parameters: int) -> str:
        self.errors.append(RowError(code, {"field": name, **parameters}))
        return ""


def _unambiguous(
    found: Sequence[ServiceEvent | tuple[RowError, ...]],
) -> tuple[list[ServiceEvent], list[tuple[int, tuple[RowError, ...]]]]:
    """Each event once, in its first place, and what is refused with its index."""
    first: dict[str, ServiceEvent] = {}
    conflicting = set()
    for event in found:
        if isinstance(event, ServiceEvent) and first.setdefault(event.event_id, event) != event:
            conflicting.add(event.event_id)

    refused: list[tuple[int, tuple[RowError, ...]]] = []
    for index, event in enumerate(found):
        if not isinstance(event, ServiceEvent):
            refused.append((index, event))
        elif event.event_id in conflicting:
            refused.append((index, (RowError("conflicting", {"field": "event_id"}),)))
    return [event for event in first.values() if event.event_id not in conflicting], refused
