"""The organisation as a CSV file: read row by row, every bad row told by its line."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import slugify

from palauteketju.organisation.errors import BadRow, OrganisationFileRefused

COLUMNS = (
    "code",
    "parent_code",
    "kind",
    "name_fi",
    "name_sv",
    "name_en",
    "oid",
    "sensitive",
    "sms",
    "active_from",
    "active_to",
)
_NO_TEXT = re.compile("[\x00-\x1f\x7f]")
PARENT_KIND = {"county": None, "area": "county", "unit": "area"}


@dataclass(frozen=True)
class UnitRow:
    line: int
    parent_code: str
    values: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.values["code"])

    @property
    def kind(self) -> str:
        return str(self.values["kind"])


def read(content: bytes) -> list[UnitRow]:
    """The rows of a whole, sound file. Raises OrganisationFileRefused naming every bad row."""
    rows, bad = [], []
    for line, cells in _lines(content):
        problems: list[str] = []
        # A bad row stays among the others, so that what leans on it is not told as wrong too.
        rows.append(_row(line, cells, problems))
        bad += [BadRow(line, problem) for problem in problems]
    bad += _misfits(rows)
    if bad:
        raise OrganisationFileRefused(sorted(bad, key=lambda row: row.line))
    return rows


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise OrganisationFileRefused([BadRow(line, "is not UTF-8 text.")]) from error
    separator = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = tuple(reader.fieldnames or ())
        if sorted(header) != sorted(COLUMNS):
            raise OrganisationFileRefused([BadRow(1, f"the columns must be {', '.join(COLUMNS)}.")])
        for cells in reader:
            if None in cells or None in cells.values():
                raise OrganisationFileRefused([BadRow(reader.line_num, f"has not {len(COLUMNS)} cells.")])
            yield reader.line_num, {name: value.strip() for name, value in cells.items()}
    except csv.Error as error:
        # DictReader's own number lags behind while a row is being read.
        raise OrganisationFileRefused([BadRow(reader.reader.line_num, f"is not CSV: {error}.")]) from error


def _row(line: int, cells: dict[str, str], problems: list[str]) -> UnitRow:
    values: dict[str, Any] = {
        name: cells[name] for name in ("code", "kind", "name_fi", "name_sv", "name_en", "oid")
    }
    values["slug"] = slugify(cells["code"])
    if not values["slug"] or len(cells["code"]) > 40:
        problems.append("code must be 1-40 characters, letters or digits among them.")
    problems += [
        f"{name} holds a line end or another character that is no text."
        for name in COLUMNS
        if _NO_TEXT.search(cells[name])
    ]
    if cells["kind"] not in PARENT_KIND:
        problems.append(f"kind is {cells['kind']!r}; it must be county, area or unit.")
    if not cells["name_fi"]:
        problems.append("name_fi is empty.")
    problems += [
        f"{name} is over 120 characters."
        for name in ("name_fi", "name_sv", "name_en")
        if len(cells[name]) > 120
    ]
    if len(cells["oid"]) > 80 or not all(part.isdigit() for part in cells["oid"].split(".") if cells["oid"]):
        problems.append(f"oid is {cells['oid']!r}; it must be digits and dots.")
    for name in ("sensitive", "sms"):
        if cells[name] not in {"0", "1", ""}:
            problems.append(f"{name} is {cells[name]!r}; it must be 1 or 0.")
        values[name] = cells[name] == "1"
    for name in ("active_from", "active_to"):
        values[name] = _date(name, cells[name], problems)
    if values["active_from"] and values["active_to"] and values["active_to"] < values["active_from"]:
        problems.append("active_to is before active_from.")
    # An empty name means the Finnish one is used in that language too.
    values["name_sv"] = values["name_sv"] or values["name_fi"]
    values["name_en"] = values["name_en"] or values["name_fi"]
    return UnitRow(line, cells["parent_code"], values)


def _date(name: str, value: str, problems: list[str]) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        problems.append(f"{name} is {value!r}; it must be a date such as 2026-11-22.")
        return None


def _misfits(rows: list[UnitRow]) -> Iterator[BadRow]:
    """What is wrong between rows: codes used twice, parents missing or of the wrong kind."""
    by_code: dict[str, UnitRow] = {}
    taken: dict[tuple[str, str], int] = {}
    for row in rows:
        for name in ("code", "slug", "oid"):
            value = row.values[name]
            if value and (first := taken.setdefault((name, value), row.line)) != row.line:
                yield BadRow(row.line, f"{name} {value!r} stands on line {first} already.")
        by_code.setdefault(row.code, row)
    for row in rows:
        if row.kind not in PARENT_KIND:
            continue
        wanted = PARENT_KIND[row.kind]
        parent = by_code.get(row.parent_code)
        if wanted is None and row.parent_code:
            yield BadRow(row.line, "a county has no parent_code.")
        elif wanted and parent is None:
            yield BadRow(row.line, f"parent_code {row.parent_code!r} is not in the file.")
        elif wanted and parent and parent.kind in PARENT_KIND and parent.kind != wanted:
            yield BadRow(row.line, f"parent_code {row.parent_code!r} is not of kind {wanted}.")
