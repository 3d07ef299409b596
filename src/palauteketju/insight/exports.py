"""Released blocks as files for other tools: a row for each value of each block. docs/data.md explains every column."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from palauteketju.insight import parquet, queries
from palauteketju.insight.queries import Audience, ReleasedBlock

COLUMNS = (
    parquet.Column("block", "number"),
    parquet.Column("scope", "text"),
    parquet.Column("area", "text"),
    parquet.Column("county", "text"),
    parquet.Column("stream", "text"),
    parquet.Column("opened", "day"),
    parquet.Column("closed", "day"),
    parquet.Column("n", "number"),
    parquet.Column("least", "number"),
    parquet.Column("value", "text"),
    parquet.Column("answers", "number"),
)


def as_object(block: ReleasedBlock) -> dict[str, Any]:
    """A block whole, as the API and the JSON lines tell it."""
    return {
        "block": block.block,
        "scope": block.scope,
        "area": block.area,
        "county": block.county,
        "stream": block.stream,
        "opened": block.opened.isoformat(),
        "closed": block.closed.isoformat(),
        "n": block.n,
        "least": block.least,
        "counts": dict(block.counts),
    }


def write(file: BinaryIO, audience: Audience, kind: str) -> None:
    """Every block the audience may see, one at a time however many there are; the same blocks give the same bytes."""
    WRITERS[kind](file, queries.released(audience), audience)


def _rows(blocks: Iterable[ReleasedBlock]) -> Iterator[tuple[str | date | int, ...]]:
    for block in blocks:
        whole = (block.block, block.scope, block.area, block.county, block.stream)
        sizes = (block.opened, block.closed, block.n, block.least)
        for value, answers in block.counts.items():
            yield *whole, *sizes, value, answers


def _csv(file: BinaryIO, blocks: Iterable[ReleasedBlock], _audience: Audience) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows(_rows(blocks))
    text.detach()


def _jsonl(file: BinaryIO, blocks: Iterable[ReleasedBlock], _audience: Audience) -> None:
    file.writelines(json.dumps(as_object(block), ensure_ascii=False).encode() + b"\n" for block in blocks)


def _parquet(file: BinaryIO, blocks: Iterable[ReleasedBlock], audience: Audience) -> None:
    parquet.write(file, COLUMNS, _rows(blocks), about={"audience": audience})


WRITERS: Mapping[str, Callable[[BinaryIO, Iterable[ReleasedBlock], Audience], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "jsonl": _jsonl,
}
