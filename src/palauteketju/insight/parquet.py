"""Writes Parquet: flat tables of texts, days and whole numbers, none of them missing, each column compressed with gzip.

Of the format (Apache Parquet 2, its Thrift compact metadata) this is the small part that has not changed since 2013 and
that every reader knows: one data page a column and row group, plain encoding, no levels, no dictionaries, no statistics.
Why it is written here: docs/decisions/0007-parquet-without-a-library.md.
"""

import gzip
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import BinaryIO, Literal

Kind = Literal["text", "day", "number"]
Cell = str | date | int

MAGIC = b"PAR1"
ROWS_A_GROUP = 100_000
# Numbers of the format's own lists: physical type, and converted type where there is one.
_PHYSICAL = {"text": 6, "day": 1, "number": 2}  # BYTE_ARRAY, INT32, INT64
_CONVERTED = {"text": 0, "day": 6}  # UTF8, DATE
_REQUIRED, _PLAIN, _RLE, _DATA_PAGE, _GZIP = 0, 0, 3, 0, 2
_EPOCH = date(1970, 1, 1)
# Types of Thrift's compact protocol.
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12

Field = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


def write(
    file: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, about: dict[str, str]
) -> int:
    """Write all rows, a row group in memory at a time; returns how many. `about` goes into the file's own description."""
    file.write(MAGIC)
    groups: list[bytes] = []
    total, place = 0, len(MAGIC)
    iterator: Iterator[Sequence[Cell]] = iter(rows)
    while group := list(islice(iterator, ROWS_A_GROUP)):
        chunks = []
        size = 0
        for number, column in enumerate(columns):
            values = _plain(column, [row[number] for row in group])
            page, raw = _page(values, len(group))
            chunks.append(_chunk(column, place=place, rows=len(group), raw=raw, stored=len(page)))
            file.write(page)
            place, size = place + len(page), size + raw
        groups.append(_struct((1, _LIST, _list(_STRUCT, chunks)), _i64(2, size), _i64(3, len(group))))
        total += len(group)
    footer = _struct(
        (1, _I32, _varint(1)),
        (2, _LIST, _list(_STRUCT, [_root(columns), *map(_described, columns)])),
        _i64(3, total),
        (4, _LIST, _list(_STRUCT, groups)),
        (5, _LIST, _list(_STRUCT, [_struct(_text(1, key), _text(2, value)) for key, value in about.items()])),
        _text(6, "palauteketju"),
    )
    file.write(footer + struct.pack("<I", len(footer)) + MAGIC)
    return total


def _plain(column: Column, values: Sequence[Cell]) -> bytes:
    """The values one after another: texts with their length before them, days counted from 1970."""
    if column.kind == "text":
        encoded = [str(value).encode() for value in values]
        return b"".join(struct.pack("<I", len(each)) + each for each in encoded)
    if column.kind == "day":
        days = [(value - _EPOCH).days for value in values if isinstance(value, date)]
        return struct.pack(f"<{len(values)}i", *days)
    return struct.pack(f"<{len(values)}q", *values)


def _page(values: bytes, rows: int) -> tuple[bytes, int]:
    """A page with its header, and how long it would be unpacked."""
    # Without the time of packing: the same rows are the same bytes.
    packed = gzip.compress(values, mtime=0)
    data = _struct(_i32(1, rows), _i32(2, _PLAIN), _i32(3, _RLE), _i32(4, _RLE))
    header = _struct(_i32(1, _DATA_PAGE), _i32(2, len(values)), _i32(3, len(packed)), (5, _STRUCT, data))
    return header + packed, len(header) + len(values)


def _chunk(column: Column, *, place: int, rows: int, raw: int, stored: int) -> bytes:
    described = _struct(
        _i32(1, _PHYSICAL[column.kind]),
        (2, _LIST, _list(_I32, [_varint(_PLAIN), _varint(_RLE)])),
        (3, _LIST, _list(_BINARY, [_sized(column.name)])),
        _i32(4, _GZIP),
        _i64(5, rows),
        _i64(6, raw),
        _i64(7, stored),
        _i64(9, place),
    )
    return _struct(_i64(2, place), (3, _STRUCT, described))


def _root(columns: Sequence[Column]) -> bytes:
    return _struct(_text(4, "schema"), _i32(5, len(columns)))


def _described(column: Column) -> bytes:
    converted = [_i32(6, _CONVERTED[column.kind])] if column.kind in _CONVERTED else []
    return _struct(_i32(1, _PHYSICAL[column.kind]), _i32(3, _REQUIRED), _text(4, column.name), *converted)


def _struct(*fields: Field) -> bytes:
    """Fields in the order of their numbers, which must rise by less than 16."""
    told, before = [], 0
    for number, kind, value in fields:
        told.append(bytes([(number - before) << 4 | kind]) + value)
        before = number
    return b"".join(told) + b"\x00"


def _list(kind: int, members: Sequence[bytes]) -> bytes:
    head = (
        bytes([len(members) << 4 | kind]) if len(members) < 15 else bytes([0xF0 | kind]) + _size(len(members))
    )
    return head + b"".join(members)


def _i32(number: int, value: int) -> Field:
    return number, _I32, _varint(value)


def _i64(number: int, value: int) -> Field:
    return number, _I64, _varint(value)


def _text(number: int, value: str) -> Field:
    return number, _BINARY, _sized(value)


def _sized(text: str) -> bytes:
    return _size(len(text.encode())) + text.encode()


def _varint(value: int) -> bytes:
    """Zigzag: a number of either sign as one that is not negative."""
    return _size(value << 1 ^ value >> 63)


def _size(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    told = bytearray()
    while value > 0x7F:
        told.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*told, value])
