"""What entries of the audit trail are about, and their facts, as people read them."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import translation

from palauteketju.audit import log
from palauteketju.audit.models import Entry
from palauteketju.handling.models import Case
from palauteketju.organisation.trail import told

OPENED = {
    "prompted": 2,
    "road": "urgent_contact",
    "arrived": "2026-11-16T09:00:00+02:00",
    "due": "2026-11-30T23:59:59+02:00",
}


@pytest.fixture
def tell(units, people, at):
    """The subject and the facts of a new entry, in a language."""

    def tell(action, subject=None, language="en", **facts):
        with transaction.atomic():
            log.record(action, by=people.aino, subject=subject or Case(pk=12), at=at, facts=facts)
        with translation.override(language):
            [one] = told([Entry.objects.latest("number")])
        return one.subject, [f"{name}: {value}" for name, value in one.facts]

    return tell


@pytest.mark.parametrize(
    ("language", "subject", "facts"),
    [
        (
            "fi",
            "Tapaus 12",
            [
                "Yksikkö: Keskustan terveysasema",
                "Käsittelytapa: Kiireellinen, vastausta pyydettiin",
                "Saapunut: ma\xa016.11.2026 9.00",
                "Määräaika: ma\xa030.11.2026",
                "Herätteen saaneiden määrä: 2",
            ],
        ),
        (
            "sv",
            "Ärende 12",
            [
                "Enhet: Keskustan terveysasema sv",
                "Behandling: Brådskande, svar begärdes",
                "Inkom: mån\xa016.11.2026 9.00",
                "Tidsfrist: mån\xa030.11.2026",
                "Antal personer som fick avisering: 2",
            ],
        ),
        (
            "en",
            "Case 12",
            [
                "Unit: Keskustan terveysasema en",
                "Road: Urgent, an answer was asked for",
                "Arrived: Mon\xa016\xa0Nov\xa02026 9:00",
                "Deadline: Mon\xa030\xa0Nov\xa02026",
                "Number of people prompted: 2",
            ],
        ),
    ],
)
def test_it_works(tell, units, language, subject, facts):
    found = tell("handling.case.opened", language=language, unit=units.keskusta.pk, **OPENED)
    assert found == (subject, facts)


def test_units_and_people_are_called_by_their_names(tell, units, people):
    subject, facts = tell("organisation.role.given", people.eero, role="handler", unit="keskusta")
    assert subject == "Eero Mäkinen"
    assert facts == ["Role: Handler", "Unit: Keskustan terveysasema en"]
    subject, facts = tell("organisation.unit.changed", units.koti, code="koti", fields="parent, name_sv, sms")
    assert subject == "Kotihoito pohjoinen en"
    assert facts == [
        "Code of the unit: koti",
        "Changed: What it belongs to, Name in Swedish, Whether it sends surveys by text message",
    ]
    assert tell("handling.prompt.sent", kind="reminder", person=people.outi.pk)[1] == [
        "Prompt: Reminder",
        "To whom: Outi Nieminen",
    ]


def test_who_and_what_is_gone_stays_a_number(tell, units, people):
    assert tell("handling.case.moved", **{"from": 7777, "to": units.koti.pk})[1] == [
        "From unit: 7777",
        "To unit: Kotihoito pohjoinen en",
    ]
    assert tell("intake.feedback.keyed_in", unit="closed-long-ago", channel="paper")[1] == [
        "Unit: closed-long-ago",
        "Channel: Paper",
    ]
    assert tell("organisation.person.signed_in", type(people.aino)(pk=7777))[0] == "Person 7777"
    assert tell("organisation.unit.added", type(units.koti)(pk=7777))[0] == "Unit 7777"


def test_a_unit_whose_code_looks_like_another_ones_number(tell, units):
    units.koti.code = str(units.keskusta.pk)
    units.koti.save()
    assert tell("improvement.board.closed", unit=units.koti.code)[1] == ["Unit: Kotihoito pohjoinen en"]
    assert tell("handling.reply_template.added", unit=units.keskusta.pk)[1] == [
        "Unit: Keskustan terveysasema en"
    ]


def test_one_name_with_two_meanings(tell, units):
    assert tell("handling.case.redirected", to="ombudsman", message=3)[1] == [
        "Shown the way to: Ombudsman",
        "Number of the message: 3",
    ]
    assert tell("handling.quote.approved", kind="thanks", feedback=8)[1] == [
        "Kind: Thanks",
        "Number of the feedback: 8",
    ]


def test_lists_days_months_and_weeks(tell):
    assert tell("handling.feedback_list.read", feedback="3 12 40")[1] == [
        "Numbers of the feedbacks: 3, 12, 40"
    ]
    assert tell("handling.case.searched", cases="")[1] == ["Numbers of the cases: none"]
    assert tell("handling.feedback.themes_corrected", themes="premises parking")[1] == [
        "Themes: Premises, Parking"
    ]
    assert tell("handling.answer_times.counted", month="2026-11-01", groups=0)[1] == [
        "Month: November 2026",
        "Number of groups of cases: 0",
    ]
    assert tell("improvement.week.reviewed", week="2026-W48")[1] == ["Week: 48/2026"]
    assert tell("handling.case.recounted", before="2026-11-30", after="2026-12-07")[1] == [
        "Earlier deadline: Mon\xa030\xa0Nov\xa02026",
        "New deadline: Mon\xa07\xa0Dec\xa02026",
    ]


def test_yes_no_and_none(tell):
    assert tell("handling.case.printed", contact_details=True)[1] == ["Contact details printed: Yes"]
    assert tell("handling.case.printed", contact_details=False)[1] == ["Contact details printed: No"]
    assert tell("handling.case.opened", due=None)[1] == ["Deadline: none"]
    assert tell("improvement.measure.recorded", stream="", theme="parking", n=12)[1] == [
        "Question: none",
        "Theme: Parking",
        "Number of answers: 12",
    ]
    assert tell("handling.case.read") == ("Case 12", [])


def test_what_an_earlier_version_wrote_is_shown_as_written(tell, units, at):
    facts = {
        "unit": [1],
        "road": "by_the_window",
        "due": "soon",
        "arrived": "2026-11-16",
        "mood": {"good": True},
    }
    assert tell("handling.case.juggled", **facts)[1] == [
        "Unit: [1]",
        "Road: by_the_window",
        "Arrived: Mon\xa016\xa0Nov\xa02026",
        "Deadline: soon",
        "mood: {'good': True}",
    ]
    with translation.override("en"):
        [one] = told([Entry(number=99, at=at, subject_type="handling.ball", subject_id="3")])
    assert one.subject == "handling.ball 3"


def test_the_entries_are_not_changed(tell, units):
    tell("handling.case.opened", unit=units.keskusta.pk, **OPENED)
    assert log.verify().broken_at is None
    assert Entry.objects.get().facts == OPENED | {"unit": units.keskusta.pk}


def test_names_take_two_queries_however_many_there_are(units, people, at, django_assert_num_queries):
    everybody, everywhere = vars(people).values(), list(vars(units).values())
    with transaction.atomic():
        for person in everybody:
            facts = {"first_day": date(2026, 12, 1).isoformat(), "substitute": person.pk}
            log.record("organisation.absence.added", by=None, subject=people.aino, at=at, facts=facts)
        for unit in everywhere:
            log.record("organisation.unit.added", by=None, subject=unit, at=at, facts={"code": unit.code})
            facts = {"unit": unit.code, "role": "handler"}
            log.record("organisation.role.given", by=None, subject=people.eero, at=at, facts=facts)
    entries = list(Entry.objects.all())
    with django_assert_num_queries(2):
        found = told(entries)
    assert {one.subject for one in found} >= {unit.name for unit in everywhere}
