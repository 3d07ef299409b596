"""Released blocks as CSV, Parquet and JSON lines, and the queries of docs/data.md on them."""

import csv
import io
import json
import re
import subprocess
import sys
from argparse import Namespace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from palauteketju.insight import exports
from palauteketju.insight.models import Block
from palauteketju.insight.queries import ReleasedBlock, released
from palauteketju.organisation.models import Unit
from palauteketju.project.commands import Refused, export
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[2] / "docs" / "data.md"


@pytest.fixture
def blocks(units):
    close(
        answers(units.keskusta, 9, value="10"),
        answers(units.keskusta, 3, value="2"),
        answers(units.psyk, 6, stream="kind", value="idea"),
        answers(units.koti, 4),
        on=MONDAY,
    )
    close(answers(units.keskusta, 7, stream="thl-2/access", value="5"), on=MONDAY + DAY)


def written(audience, kind):
    file = io.BytesIO()
    exports.write(file, audience, kind)
    return file.getvalue()


def rows_of_parquet(content, tmp_path):
    file = tmp_path / "blocks.parquet"
    file.write_bytes(content)
    return duckdb.connect().read_parquet(str(file)).fetchall()


def test_it_works(blocks, tmp_path):
    [head, *rows] = list(csv.reader(io.StringIO(written("internal", "csv").decode(), newline="")))

    assert head == list(exports.COLUMNS)
    first = Block.objects.get(stream="thl-2/nps")
    of_block = [
        str(first.pk),
        "keskusta",
        "terveys",
        "sata",
        "thl-2/nps",
        "2026-11-16",
        "2026-11-16",
        "12",
        "5",
    ]
    assert [*of_block, "10", "9"] in rows
    assert [*of_block, "2", "3"] in rows
    assert len(rows) == 4
    assert "koti" not in {row[1] for row in rows}


def test_the_formats_tell_the_same(blocks, tmp_path):
    as_csv = [tuple(row) for row in csv.reader(io.StringIO(written("internal", "csv").decode()))][1:]
    as_parquet = rows_of_parquet(written("internal", "parquet"), tmp_path)
    as_lines = [json.loads(line) for line in written("internal", "jsonl").splitlines()]

    assert [tuple(map(str, row)) for row in as_parquet] == as_csv
    assert sum(sum(block["counts"].values()) for block in as_lines) == sum(row[-1] for row in as_parquet)


def test_the_same_blocks_are_the_same_bytes(blocks):
    for kind in exports.WRITERS:
        assert written("public", kind) == written("public", kind)


def test_the_public_file_holds_public_blocks_only(blocks, tmp_path):
    rows = rows_of_parquet(written("public", "parquet"), tmp_path)

    assert {(row[1], row[4]) for row in rows} == {("keskusta", "thl-2/nps")}
    assert sum(row[-1] for row in rows) == 12


def test_a_county_without_blocks_gets_an_empty_table(units, tmp_path):
    assert written("internal", "csv").decode().count("\r\n") == 1
    assert rows_of_parquet(written("internal", "parquet"), tmp_path) == []


def test_parquet_keeps_types_and_whatever_a_code_is_written_with(units, tmp_path):
    """An empty area is an empty text and not a missing one; commas, quotes, line breaks and 10 stay what they are."""
    odd = 'a,"b"\n\r\nä€𝄞 '
    block = ReleasedBlock(
        2**40, odd, "", "sata", "NULL", date(1969, 12, 31), date(2026, 1, 1), 5, 5, {"010": 5}
    )
    file = io.BytesIO()
    exports.WRITERS["parquet"](file, [block], "internal")

    whole = (2**40, odd, "", "sata", "NULL", date(1969, 12, 31), date(2026, 1, 1), 5, 5, "010", 5)
    assert rows_of_parquet(file.getvalue(), tmp_path) == [whole]
    connection = duckdb.connect()
    source = str(tmp_path / "blocks.parquet")
    types = [str(kind) for kind in connection.read_parquet(source).types]
    assert types == list(exports.COLUMNS.values())
    about = connection.execute("SELECT key, value FROM parquet_kv_metadata($source)", {"source": source})
    assert about.fetchall() == [(b"audience", b"internal")]


def test_a_start_does_not_wait_for_what_only_an_export_needs():
    """In a process of its own: this one has read a Parquet file."""
    code = (
        "import sys; from palauteketju.project import ground; ground.set_up_django();"
        "from palauteketju.insight import exports; print('duckdb' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told == "False\n"


# The command


def run(**options):
    return export.run(Namespace(**{"audience": "internal", "format": "csv"} | options))


def test_the_command_writes_the_file(blocks, tmp_path):
    assert run(output=tmp_path / "blocks.csv") == 0

    assert (tmp_path / "blocks.csv").read_bytes() == written("internal", "csv")
    assert [file.name for file in tmp_path.iterdir()] == ["blocks.csv"]


def test_internal_figures_are_for_their_maker_only(blocks, tmp_path):
    for audience in ("internal", "public"):
        run(audience=audience, output=tmp_path / audience)

    assert (tmp_path / "internal").stat().st_mode & 0o077 == 0
    assert (tmp_path / "public").stat().st_mode & 0o400


def test_a_folder_that_is_not_there_is_refused(units, tmp_path):
    with pytest.raises(Refused, match="cannot be written"):
        run(output=tmp_path / "nowhere" / "blocks.csv")


def test_a_failure_on_the_way_leaves_the_old_file(blocks, tmp_path, monkeypatch):
    file = tmp_path / "blocks.csv"
    file.write_text("yesterday's")

    def fails(*_given):
        raise RuntimeError("the database went away")

    monkeypatch.setattr(exports, "write", fails)
    with pytest.raises(RuntimeError):
        run(output=file)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("blocks.csv", "yesterday's")]


# The document


def test_the_document_explains_every_column():
    explained = set(re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))

    assert exports.COLUMNS.keys() <= explained


def test_the_queries_of_the_document_run(blocks, tmp_path, monkeypatch):
    (tmp_path / "blocks.parquet").write_bytes(written("internal", "parquet"))
    monkeypatch.chdir(tmp_path)
    queries = re.findall(r"```sql\n(.+?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    found = [duckdb.connect().sql(query).fetchall() for query in queries]

    assert len(found) == 3
    # Nine of twelve would recommend, three would not: 50.
    assert found[0] == [("keskusta", 12, 50.0)]
    assert found[1] == [("thl-2/access", "sata", "2026-11", 7, 1.0)]
    assert sum(row[-1] for row in found[2]) == sum(block.n for block in released("internal"))


def test_units_are_told_by_code(blocks):
    codes = {row[1] for row in csv.reader(io.StringIO(written("internal", "csv").decode()))} - {"scope"}

    assert codes <= set(Unit.objects.values_list("code", flat=True))
