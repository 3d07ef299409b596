"""Released blocks as files for other tools: a row for each value of each block. docs/data.md explains every column."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from palauteketju.insight import queries
from palauteketju.insight.queries import Audience, ReleasedBlock

# Each column's type in Parquet.
COLUMNS = {
    "block": "BIGINT",
    "scope": "VARCHAR",
    "area": "VARCHAR",
    "county": "VARCHAR",
    "stream": "VARCHAR",
    "opened": "DATE",
    "closed": "DATE",
    "n": "BIGINT",
    "least": "BIGINT",
    "value": "VARCHAR",
    "answers": "BIGINT",
}
# An empty area is an empty text: nothing is missing from the table.
_TO_PARQUET = """
COPY (
    SELECT * FROM read_csv($source, columns = $columns, force_not_null = $texts, header = true, auto_detect = false,
                           delim = ',', quote = '"', escape = '"')
) TO $target (FORMAT parquet, COMPRESSION gzip, KV_METADATA {audience: $audience})
"""
# One thread keeps the order of the rows, and so the bytes. Nothing is fetched, whatever the file is called.
_DUCKDB: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


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
    writer.writerow(COLUMNS)
    writer.writerows(_rows(blocks))
    text.detach()


def _jsonl(file: BinaryIO, blocks: Iterable[ReleasedBlock], _audience: Audience) -> None:
    file.writelines(json.dumps(as_object(block), ensure_ascii=False).encode() + b"\n" for block in blocks)


def _parquet(file: BinaryIO, blocks: Iterable[ReleasedBlock], audience: Audience) -> None:
    """By way of the CSV in a folder of its own, so that no more than a row group is ever in memory."""
    import duckdb  # noqa: PLC0415 - a tenth of a second and 60 MB, which only an export should pay

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config=_DUCKDB) as connection:
        source, target = Path(folder) / "blocks.csv", Path(folder) / "blocks.parquet"
        with source.open("wb") as text:
            _csv(text, blocks, audience)
        given = {
            "source": str(source),
            "target": str(target),
            "audience": audience,
            "columns": COLUMNS,
            "texts": [name for name, kind in COLUMNS.items() if kind == "VARCHAR"],
        }
        connection.execute(_TO_PARQUET, given)
        with target.open("rb") as made:
            shutil.copyfileobj(made, file)


WRITERS: Mapping[str, Callable[[BinaryIO, Iterable[ReleasedBlock], Audience], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "jsonl": _jsonl,
}
