"""The command line: 0 done, 1 refused in words, 2 wrong usage."""

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from palauteketju.audit.models import Entry
from palauteketju.insight.models import Block
from palauteketju.organisation.models import Unit
from palauteketju.project import cli
from tests.project.conftest import (
    KEYS,
    ORGANISATION,
    address_of_database,
    assert_refused,
    command,
    environment,
)

EVENTS = (
    "event_id,phone,occurred_at,visit_type,language,birth_year,municipality,unit,permission,"
    "non_disclosure,phones_on_file\n"
)


def test_it_works(organisation):
    done = organisation("tick", "--at", "2026-11-16T04:30:00+02:00")
    assert done.returncode == 0, done.stderr.decode()
    assert b"blocks: 0" in done.stdout
    assert organisation("verify-audit").returncode == 0
    assert organisation("figures", "--audience", "public").stdout == b""


@pytest.fixture
def file(tmp_path):
    """A sound organisation file."""
    file = tmp_path / "organisation.csv"
    file.write_text(ORGANISATION, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["figures"],
        ["figures", "--audience", "everybody"],
        ["tick", "--at", "2026-11-22"],
        ["explain-deadline", "--arrived", "yesterday", "--road", "urgent"],
        ["tick", "--force"],
    ],
    ids=str,
)
def test_wrong_usage_is_told_at_once(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_full_disk_is_told_in_a_sentence(tmp_path):
    asked = ["explain-deadline", "--arrived", "2026-11-20T10:00+02:00", "--road", "urgent"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("--data", tmp_path / "data", *asked),
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr == b"There is no space left to write to.\n"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_tells_how_it_is_used(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([name, "--help"] if name != "django" else ["--help"])
    assert stopped.value.code == 0
    assert "usage: palauteketju" in capsys.readouterr().out


def test_a_broken_organisation_file_is_refused_line_by_line(palauteketju, file):
    file.write_text(
        ORGANISATION + "neuvola,nowhere,unit,Neuvola,R,C,,0,0,,\nkeskusta,terveys,unit,A,B,C,,7,0,,\n"
    )

    assert_refused(palauteketju("import-organisation", file), "line 5", "line 6")
    file.write_text(ORGANISATION)
    assert b"3 added" in palauteketju("import-organisation", file).stdout


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"", b"\x00" * 100, b'code,"parent\n', b"kind;name\nunit;A\n"], ids=repr
)
def test_what_is_no_organisation_file_is_refused(palauteketju, tmp_path, content):
    (tmp_path / "file.csv").write_bytes(content)
    assert_refused(palauteketju("import-organisation", tmp_path / "file.csv"))


def test_a_file_that_is_not_there_is_refused(palauteketju, tmp_path):
    for name in ("import-organisation", "import-events"):
        assert_refused(palauteketju(name, tmp_path / "nothing.csv"), "cannot be read: No such file")


def test_a_dry_run_changes_nothing(palauteketju, file):
    assert b"3 would be added" in palauteketju("import-organisation", file, "--dry-run").stdout
    assert b"3 added" in palauteketju("import-organisation", file).stdout
    assert b"3 unchanged" in palauteketju("import-organisation", file).stdout


def test_good_events_are_taken_and_bad_ones_told(organisation, tmp_path):
    file = tmp_path / "events.csv"
    good = "e1,0401234567,2026-11-16T09:00:00+02:00,vastaanotto,fi,1980,Pori,keskusta,1,0,1\n"
    file.write_text(EVENTS + good + "e2,,,,,,,,,,\n" + "e3,0401234568,soon,,fi,1980,Pori,keskusta,1,0,1\n")
    done = organisation("import-events", file)

    assert done.returncode == 0
    assert b"1 accepted, 2 rejected" in done.stdout
    assert b"line 3:" in done.stderr
    assert b"line 4:" in done.stderr
    # No number is repeated on a terminal that others may read.
    assert b"0401234568" not in done.stderr
    assert b"1 accepted" in organisation("import-events", file).stdout


def test_an_events_file_with_a_diagnosis_is_refused_whole(organisation, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(EVENTS.replace("event_id", "diagnosis,event_id"))
    assert_refused(organisation("import-events", file), "no diagnoses")


def test_a_deadline_is_explained_day_by_day(here):
    done = here("explain-deadline", "--arrived", "2026-12-04T15:00:00+02:00", "--road", "urgent")
    explained = json.loads(done.stdout)

    assert explained["due"] == "2026-12-07T23:59:59.999999+02:00" or explained["due"].startswith("2026-12-0")
    assert {day["date"] for day in explained["days"]} >= {"2026-12-05", "2026-12-06", "2026-12-07"}
    assert [day["date"] for day in explained["days"] if day["counts"]] == ["2026-12-07"]
    assert all(day["reason"] for day in explained["days"])


@pytest.mark.parametrize("year", ["0001", "1850", "9999"])
def test_a_deadline_in_a_year_without_known_holidays_is_refused(here, year):
    done = here("explain-deadline", "--arrived", f"{year}-12-31T23:59:00+02:00", "--road", "contact")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "Holidays are known for the years" in done.stderr.decode()


def test_a_text_is_triaged_and_not_kept(run, tmp_path):
    done = run("triage", stdin="Isäni melkein kuoli, kun hoito viivästyi.".encode())
    assert json.loads(done.stdout)["urgent"] is True
    assert not (tmp_path / "data").exists()


def test_lines_are_triaged_in_their_order(here):
    lines = [
        {"text": "Kiitos.", "language": "fi"},
        {"text": "My father almost died.", "language": "en"},
        {"text": "Tack.", "language": "sv"},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines).encode()
    answers = [json.loads(line) for line in here("triage", "--lines", stdin=stdin).stdout.splitlines()]
    assert [answer["urgent"] for answer in answers] == [False, True, False]


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        ([], b"\xff\xfe", "not UTF-8"),
        (["--lines"], b'{"text": "\xff"}\n', "not UTF-8"),
        (["--lines"], b'{"text": "Kiitos."}\nKiitos.\n', "line 2"),
        (["--lines"], b"[]\n", "line 1"),
        (["--lines"], b'{"text": 7}\n', "line 1"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused(here, arguments, stdin, sentence):
    assert_refused(here("triage", *arguments, stdin=stdin), sentence)


def test_a_reader_of_figures_may_leave_early(organisation):
    """`palauteketju figures … | head -1` is no fault."""
    unit = Unit.objects.get(code="keskusta")
    day = date(2026, 11, 2)
    same = {"unit": unit, "scope": unit.code, "stream": "thl-2/nps", "opened": day, "closed": day}
    Block.objects.bulk_create(
        Block(**same, n=5, counts={"9": 5}, k=5, public_k=10) for _number in range(5000)
    )
    process = subprocess.Popen(
        command("figures", "--audience", "internal"),
        env=environment(DATABASE_URL=address_of_database(), PALAUTEKETJU_KEYS=KEYS),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert json.loads(process.stdout.readline())["counts"] == {"9": 5}
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 0
    assert told == b""


def test_a_trail_that_was_tampered_with_is_refused(organisation):
    assert b"whole" in organisation("verify-audit").stdout
    first = Entry.objects.earliest("number").number
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET action = 'nothing.happened' WHERE number = %s", [first])
    assert_refused(organisation("verify-audit"), f"breaks at entry {first}")


def test_an_invented_county_is_never_mixed_with_a_real_one(organisation, tmp_path):
    done = organisation(
        "synthetic",
        "--units",
        2,
        "--weeks",
        1,
        "--per-week",
        5,
        "--seed",
        1,
        "--start",
        "2026-08-31",
        "--truth",
        tmp_path / "truth.jsonl",
    )
    assert_refused(done, "not empty")


def test_an_unknown_unit_or_week_has_no_report(organisation, tmp_path):
    usual = ["--format", "json", "--output", tmp_path / "report.json"]
    assert_refused(organisation("report", "--unit", "nowhere", "--week", "2026-W45", *usual), "nowhere")
    assert_refused(organisation("report", "--unit", "keskusta", "--week", "2026-W60", *usual), "2026-W60")
    assert not (tmp_path / "report.json").exists()

    assert organisation("report", "--unit", "keskusta", "--week", "2026-W45", *usual).returncode == 0
    assert json.loads((tmp_path / "report.json").read_text())["scope"] == "keskusta"


def test_a_folder_of_somebody_else_is_not_published_into(organisation, tmp_path):
    (tmp_path / "holiday.jpg").touch()
    assert_refused(organisation("publish", "--output", tmp_path))
    assert (tmp_path / "holiday.jpg").exists()
    assert organisation("publish", "--output", tmp_path / "site").returncode == 0
    assert (tmp_path / "site" / "index.html").exists()


def test_a_data_folder_that_cannot_be_used_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    done = subprocess.run(
        command("--data", tmp_path / "file", "tick"),
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert_refused(done, "choose another one")


def test_a_database_that_does_not_answer_is_told_in_a_sentence(run):
    for address, sentence in (
        ("postgresql://nobody:hush@127.0.0.1:1/nothing", "does not answer"),
        ("postgresql://nobody:hush@127.0.0.1:one/nothing", "port"),
    ):
        done = run("tick", DATABASE_URL=address, PALAUTEKETJU_KEYS=KEYS)
        assert_refused(done, sentence)
        assert b"hush" not in done.stderr


def test_a_database_of_another_version_is_told_in_a_sentence(organisation, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organisation_unit RENAME COLUMN slug TO former")
    try:
        assert_refused(organisation("publish", "--output", tmp_path / "site"), "run `palauteketju migrate`")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE organisation_unit RENAME COLUMN former TO slug")


def test_somebody_who_signs_in_is_added_once(organisation):
    add = ["add-person", "aino", "--name", "Aino Virtanen", "--email", "aino@example.fi", "--role", "handler"]
    assert_refused(organisation(*add, "--unit", "nowhere", stdin=b"x\n"), "nowhere")
    assert_refused(organisation(*add, "--unit", "keskusta", stdin=b"12345\n"))
    added = organisation(*add, "--unit", "keskusta", stdin="orava hyppäsi kuuseen\n".encode())
    assert b"aino can sign in" in added.stdout, added.stderr.decode()
    assert_refused(organisation(*add, "--unit", "keskusta", stdin=b"x\n"), "already")


def test_a_key_file_is_made_once(here, tmp_path):
    file = tmp_path / "keys.toml"
    assert here("make-keys", file).returncode == 0
    made = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert_refused(here("make-keys", file), "never written over")
    assert file.read_text() == made


@pytest.mark.parametrize("start", ["9999-12-30", "1999-12-27", "2998-12-25"])
def test_weeks_that_no_calendar_has_are_told_in_a_sentence(palauteketju, tmp_path, start):
    asked = ["--units", 2, "--weeks", 2, "--per-week", 5, "--seed", 1, "--start", start]
    done = palauteketju("synthetic", *asked, "--truth", tmp_path / "truth.jsonl")
    assert_refused(done, "between the years 2000 and 2998")
    assert not (tmp_path / "truth.jsonl").exists()


@pytest.mark.parametrize("last", [-5, 501, 10**20])
def test_a_trial_of_themes_on_so_many_texts_is_refused(organisation, tmp_path, last):
    assert_refused(organisation("themes", "--try", tmp_path / "own.toml", f"--last={last}"), "whole hundreds")


def test_a_report_goes_to_the_standard_output_as_an_export_does(organisation):
    done = organisation(
        "report", "--unit", "keskusta", "--week", "2026-W45", "--format", "json", "--output", "-"
    )
    assert json.loads(done.stdout)["scope"] == "keskusta"
    assert not Path("-").exists()
