"""Taking service events in: what waits in the outbox afterwards, and what is remembered."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palauteketju.sms.actions import accept_events, forbid_surveys, send_due
from palauteketju.sms.models import Contacted, DecisionCount, OutgoingSms, SeenEvent

HELSINKI = ZoneInfo("Europe/Helsinki")
NUMBER = "+358401234567"


@pytest.fixture
def visit(event):
    """Events of one person."""

    def make(*when, **changes):
        moment = datetime(*when, tzinfo=HELSINKI) if when else datetime(2026, 11, 15, 9, 30, tzinfo=HELSINKI)
        return event(phone="0401234567", occurred_at=moment, **changes)

    return make


def reasons():
    return dict(DecisionCount.objects.values_list("reason", "n"))


def test_it_works(units, visit, morning, noon):
    accepted, rejected = accept_events([visit(language="sv")], at=morning)

    assert (accepted, rejected) == (1, [])
    message = OutgoingSms.objects.get()
    assert (message.unit, message.language, message.send_at) == (units.keskusta, "sv", noon)
    assert message.number() == NUMBER
    assert b"1234567" not in bytes(message.sealed_phone)
    assert reasons() == {"send": 1}


def test_a_refused_event_leaves_only_its_reason(visit, morning):
    accept_events([visit(permission=False)], at=morning)

    assert reasons() == {"no_permission": 1}
    assert not OutgoingSms.objects.exists()
    assert not Contacted.objects.exists()


def test_the_same_event_again_changes_nothing(visit, morning):
    event = visit()
    accept_events([event], at=morning)
    accepted, rejected = accept_events([event, event], at=morning + timedelta(hours=1))

    assert (accepted, rejected) == (2, [])
    assert OutgoingSms.objects.count() == 1
    assert reasons() == {"send": 1}


def test_an_unknown_unit_is_rejected_by_its_place_and_may_come_again(units, event, morning):
    stranger = event(unit="uusi")
    accepted, (rejection,) = accept_events([event(), stranger], at=morning)

    assert (accepted, rejection.index, rejection.error.code) == (1, 1, "unit_unknown")
    assert SeenEvent.objects.count() == 1


def test_an_area_is_no_unit_to_visit(event, morning):
    assert accept_events([event(unit="terveys")], at=morning).rejected[0].error.code == "unit_unknown"


def test_a_unit_may_be_named_by_its_oid(units, event, morning):
    accept_events([event(unit="1.2.246.10.1.1")], at=morning)

    assert OutgoingSms.objects.get().unit == units.keskusta


def test_of_several_visits_on_a_day_the_last_is_asked_about_though_they_come_apart(units, visit, morning):
    accept_events([visit(2026, 11, 15, 9)], at=morning)
    accept_events([visit(2026, 11, 15, 14, unit="psyk")], at=morning + timedelta(hours=1))

    assert OutgoingSms.objects.get().unit == units.psyk
    assert reasons() == {"send": 1, "withdrawn": 1}


def test_an_earlier_visit_of_the_day_that_comes_late_replaces_nothing(units, visit, morning):
    accept_events([visit(2026, 11, 15, 14, unit="psyk")], at=morning)
    accept_events([visit(2026, 11, 15, 9)], at=morning)

    assert OutgoingSms.objects.get().unit == units.psyk
    assert reasons() == {"send": 1, "later_visit": 1}


def test_a_visit_within_thirty_days_is_remembered_between_files(visit, morning):
    accept_events([visit(2026, 10, 20, 9)], at=morning)
    accept_events([visit(2026, 11, 15, 9)], at=morning)

    assert reasons() == {"too_old": 1, "recent_visit": 1}


def test_a_second_visit_of_the_last_day_does_not_hide_the_one_before(visit, morning):
    for when in [(2026, 10, 20, 9), (2026, 11, 15, 9), (2026, 11, 15, 12)]:
        accept_events([visit(*when)], at=morning)

    assert reasons() == {"too_old": 1, "recent_visit": 2}
    contacted = Contacted.objects.get()
    assert (contacted.last_visit_on, contacted.earlier_visit_on) == (date(2026, 11, 15), date(2026, 10, 20))


def test_who_was_asked_is_not_asked_again_within_thirty_days(visit, morning, noon, network):
    accept_events([visit()], at=morning)
    send_due(at=noon, gateway=network)
    Contacted.objects.update(last_visit_on=None)

    accept_events([visit(2026, 11, 18, 9)], at=morning + timedelta(days=3))

    assert reasons() == {"send": 1, "handed_over": 1, "recently_invited": 1}


def test_a_prohibition_holds_for_every_spelling_of_the_number(visit, morning):
    forbid_surveys(NUMBER, at=morning)
    accept_events([visit()], at=morning)

    assert reasons() == {"opted_out": 1}
    assert not Contacted.objects.exists()


def test_a_non_disclosure_order_takes_a_waiting_message_back_even_in_a_repeated_event(visit, morning):
    event = visit(event_id="sama")
    accept_events([event], at=morning)
    accept_events([visit(event_id="sama", non_disclosure=True)], at=morning)

    assert not OutgoingSms.objects.exists()
    assert reasons() == {"send": 1, "withdrawn": 1}


def test_an_event_of_the_future_can_come_again_when_it_has_happened(visit, morning):
    booked = visit(2026, 11, 17, 9)
    accept_events([booked], at=morning)
    assert not Contacted.objects.exists()

    accept_events([booked], at=morning + timedelta(days=2))
    assert reasons() == {"future": 1, "send": 1}


def test_a_message_being_handed_over_is_not_replaced(visit, morning, noon):
    accept_events([visit()], at=morning)
    OutgoingSms.objects.update(state="claimed", claimed_at=noon)

    accept_events([visit(2026, 11, 15, 14)], at=noon)

    assert OutgoingSms.objects.get().state == "claimed"
    assert reasons() == {"send": 1, "later_visit": 1}


def test_the_number_of_queries_does_not_grow_with_the_events(event, morning):
    def queries(n):
        events = [event() for _ in range(n)]
        with CaptureQueriesContext(connection) as captured:
            accept_events(events, at=morning)
        return len(captured)

    assert queries(2) == queries(200)


@pytest.mark.parametrize(
    "days",
    [
        [(15, 9), (15, 14)],
        [(14, 9), (15, 9)],
        [(15, 9), (15, 14), (15, 11)],
        [(15, 14), (14, 9)],
        [(3, 9), (14, 9), (14, 15)],
    ],
)
def test_it_makes_no_difference_in_how_many_files_the_visits_come(visit, morning, days):
    def left(*files):
        for file in files:
            accept_events(file, at=morning)
        waiting = list(OutgoingSms.objects.values_list("occurred_at", "send_at"))
        for model in (OutgoingSms, Contacted, SeenEvent):
            model.objects.all().delete()
        return waiting

    visits = [visit(2026, 11, day, hour) for day, hour in days]
    assert left(visits) == left(*([each] for each in visits))
