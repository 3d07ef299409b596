"""Importing visits: `palauteketju import-events FILE.csv`, and `eligibility`, which only decides."""

import argparse
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from palauteketju.project.commands import Refused, eligibility, import_events, moment
from palauteketju.sms.actions import accept_events
from palauteketju.sms.models import Contacted, DecisionCount, OutgoingSms, SeenEvent
from palauteketju.sms.service_events import COLUMNS

HELSINKI = ZoneInfo("Europe/Helsinki")
YESTERDAY = (timezone.now() - timedelta(days=1)).isoformat()


@pytest.fixture
def file(tmp_path):
    """Makes a file of rows, each told by what differs from an ordinary visit."""

    def make(*rows, header=None):
        usual = {
            "phone": "0401234567",
            "occurred_at": YESTERDAY,
            "visit_type": "",
            "language": "fi",
            "birth_year": "1980",
            "municipality": "Pori",
            "unit": "keskusta",
            "permission": "1",
            "non_disclosure": "0",
            "phones_on_file": "1",
        }
        lines = [header or ",".join(COLUMNS)]
        for number, changes in enumerate(rows, start=1):
            values = {"event_id": f"e{number}"} | usual | changes
            lines.append(",".join(values[name] for name in COLUMNS))
        path = tmp_path / "tapahtumat.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return make


def import_(path):
    return import_events.run(argparse.Namespace(file=path))


def test_it_works(units, file, capsys):
    assert import_(file({})) == 0

    assert capsys.readouterr().out == "1 accepted, 0 rejected.\n"
    assert OutgoingSms.objects.get().unit == units.keskusta


def test_the_good_rows_are_taken_and_each_bad_one_told(units, file, capsys):
    path = file(
        {}, {"unit": "ei-ole"}, {"phone": "0501234567", "occurred_at": "eilen"}, {"phone": "0451234567"}
    )
    assert import_(path) == 0

    told = capsys.readouterr()
    assert told.out == "2 accepted, 2 rejected.\n"
    assert told.err == (
        "line 3: There is no such unit.\n"
        "line 4: occurred_at is not a time such as 2026-11-02T09:30:00+02:00.\n"
    )


def test_the_same_file_again_changes_nothing(units, file):
    path = file({}, {"phone": "0501234567"})
    import_(path)
    before = list(DecisionCount.objects.values())
    import_(path)

    assert list(DecisionCount.objects.values()) == before
    assert OutgoingSms.objects.count() == 2


def test_a_file_with_a_diagnosis_is_refused_whole(units, file):
    path = file({}, header=",".join([*COLUMNS, "diagnosis"]))
    with pytest.raises(Refused, match="diagnoses"):
        import_(path)

    assert not SeenEvent.objects.exists()


def test_a_file_of_bad_rows_alone_is_refused(units, file, capsys):
    with pytest.raises(Refused, match="No row"):
        import_(file({"unit": "ei-ole"}))

    assert "line 2" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_refused(units, tmp_path):
    with pytest.raises(Refused, match="cannot be read"):
        import_(tmp_path / "poissa.csv")


def test_what_is_told_never_repeats_a_row(units, file, capsys):
    import_(file({}, {"unit": "0409999999", "phone": "0409999999"}, {"permission": "0409999999"}))

    assert "9999999" not in "".join(capsys.readouterr())


# eligibility


def decide(path, at):
    return eligibility.run(argparse.Namespace(file=path, at=at))


def test_deciding_tells_who_would_be_asked_and_changes_nothing(units, file, capsys):
    path = file(
        {"occurred_at": "2026-11-03T09:30+02:00"},
        {"occurred_at": "2026-11-03T09:30+02:00", "phone": "0501234567", "unit": "psyk", "language": "sv"},
        {"occurred_at": "2026-11-03T09:30+02:00", "phone": "0451234567", "unit": "ei-ole"},
    )
    assert decide(path, moment("2026-11-03T18:00+02:00")) == 0

    asked, sensitive, unknown = map(json.loads, capsys.readouterr().out.splitlines())
    assert asked["send_at"] == "2026-11-04T12:00:00+02:00"
    assert "(Keskustan terveysasema)" in asked["text"]
    assert "/v/" in sensitive["text"]
    assert "sykiatri" not in sensitive["text"]
    assert (unknown["send"], unknown["reason"]) == (False, "unit_unknown")
    assert not any(model.objects.exists() for model in (OutgoingSms, SeenEvent, Contacted, DecisionCount))


def test_deciding_knows_who_was_asked_before(event, morning, file, capsys):
    accept_events(
        [event(phone="0401234567", occurred_at=datetime(2026, 11, 10, 9, tzinfo=HELSINKI))], at=morning
    )
    decide(file({"occurred_at": "2026-11-15T09:30+02:00"}), morning)

    assert json.loads(capsys.readouterr().out)["reason"] == "recent_visit"


def test_deciding_tells_bad_rows_too(units, file, capsys):
    decide(file({"occurred_at": "eilen"}), moment("2026-11-03T18:00+02:00"))

    assert capsys.readouterr().err.startswith("line 2: ")
