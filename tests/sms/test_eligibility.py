"""Who is asked by SMS, when, and why the others are not: `eligibility --events FILE.csv --at TIME`."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from palauteketju.organisation.phones import finnish_mobile
from palauteketju.sms.decisions import Known, decisions, public_name
from palauteketju.sms.eligibility import (
    REASONS,
    Decision,
    History,
    SmsRules,
    UnitFacts,
    choose_language,
    eligibility,
    is_finnish_working_day,
)
from palauteketju.sms.service_events import ServiceEvent

HELSINKI = ZoneInfo("Europe/Helsinki")
RULES = SmsRules()
WORKING_DAYS = SmsRules(send_on="next_working_day")
NOTHING = History()
UNIT = UnitFacts(
    code="keskusta",
    name={"fi": "Keskustan terveysasema", "sv": "Centrums hälsostation", "en": "City health centre"},
    sensitive=False,
    sms_on=True,
)
EVENT = ServiceEvent(
    event_id="e1",
    phone="040 123 4567",
    occurred_at=datetime(2026, 11, 3, 9, 30, tzinfo=HELSINKI),  # a Tuesday
    visit_type="vastaanotto",
    language="fi",
    birth_year=1980,
    municipality="Pori",
    unit="keskusta",
    permission=True,
    non_disclosure=False,
    phones_on_file=1,
)
AT = datetime(2026, 11, 3, 18, tzinfo=HELSINKI)
NEXT_NOON = datetime(2026, 11, 4, 12, tzinfo=HELSINKI)


def decide(event=EVENT, history=NOTHING, unit=UNIT, rules=RULES, at=AT):
    return eligibility(event, history, unit, rules, at=at)


def seen(*moment):
    return replace(EVENT, occurred_at=datetime(*moment, tzinfo=HELSINKI))


def test_it_works():
    assert decide() == Decision(send=True, send_at=NEXT_NOON, reason="send")


# Each fact that speaks against sending, in the documented order.
AGAINST = [
    ("non_disclosure", {"event": replace(EVENT, non_disclosure=True)}),
    ("non_disclosure", {"history": History(non_disclosure=True)}),
    ("non_disclosure_unclear", {"event": replace(EVENT, non_disclosure=None)}),
    ("opted_out", {"history": History(opted_out=True)}),
    ("no_permission", {"event": replace(EVENT, permission=False)}),
    ("permission_unclear", {"event": replace(EVENT, permission=None)}),
    ("age_unclear", {"event": replace(EVENT, birth_year=None)}),
    ("age_unclear", {"event": replace(EVENT, birth_year=2027)}),
    ("age_unclear", {"event": replace(EVENT, birth_year=1880)}),
    ("under_age", {"event": replace(EVENT, birth_year=2015)}),
    ("phones_unclear", {"event": replace(EVENT, phones_on_file=None)}),
    ("phones_unclear", {"event": replace(EVENT, phones_on_file=0)}),
    ("several_phones", {"event": replace(EVENT, phones_on_file=2)}),
    ("no_phone", {"event": replace(EVENT, phone="")}),
    ("not_finnish_mobile", {"event": replace(EVENT, phone="09 123 4567")}),
    ("unit_unknown", {"unit": None}),
    ("unit_not_active", {"unit": replace(UNIT, active_to=date(2026, 11, 2))}),
    ("unit_not_active", {"unit": replace(UNIT, active_from=date(2026, 11, 4))}),
    (
        "unit_not_active",
        {"unit": replace(UNIT, active_to=date(2026, 11, 3)), "at": datetime(2026, 11, 4, 9, tzinfo=HELSINKI)},
    ),
    ("unit_sms_off", {"unit": replace(UNIT, sms_on=False)}),
    ("future", {"at": EVENT.occurred_at - timedelta(seconds=1)}),
    ("too_old", {"at": EVENT.occurred_at + timedelta(days=14, seconds=1)}),
    ("no_sending_time", {"unit": replace(UNIT, active_to=date(2026, 11, 3))}),
    ("no_sending_time", {"at": datetime(2026, 11, 16, 20, tzinfo=HELSINKI)}),
    ("later_visit", {"history": History(later_visit=True)}),
    ("recent_visit", {"history": History(previous_visit=date(2026, 10, 20))}),
    ("recently_invited", {"history": History(last_invited=date(2026, 10, 20))}),
]


@pytest.mark.parametrize(("reason", "facts"), AGAINST)
def test_one_fact_against_is_enough(reason, facts):
    assert decide(**facts) == Decision(send=False, send_at=None, reason=reason)


def test_every_reason_is_reachable_and_documented_in_the_order_asked():
    assert list(dict.fromkeys([reason for reason, _ in AGAINST] + [decide().reason])) == list(REASONS)


def test_the_non_disclosure_order_is_the_reason_before_any_other():
    worst = replace(
        EVENT, non_disclosure=True, permission=False, birth_year=None, phone="", phones_on_file=None
    )
    history = History(opted_out=True, later_visit=True)
    assert decide(worst, history, unit=None).reason == "non_disclosure"


@pytest.mark.parametrize(
    ("born", "day", "asked"),
    [
        (2007, (2026, 11, 3), True),
        (2008, (2026, 11, 3), False),
        (2008, (2026, 12, 30), False),
        (2008, (2026, 12, 31), True),
        (2008, (2027, 1, 1), True),
        (2009, (2027, 1, 1), False),
    ],
)
def test_whoever_may_still_be_under_the_limit_is_not_asked(born, day, asked):
    event = replace(seen(*day, 9), birth_year=born)
    assert decide(event, at=event.occurred_at).send is asked


def test_the_age_limit_is_a_setting():
    assert decide(replace(EVENT, birth_year=2012), rules=replace(RULES, minimum_age=13)).send


@pytest.mark.parametrize(
    "phone",
    [
        "0401234567",
        "+358 40 1234567",
        "00358401234567",
        "+358 (0)40 123-4567",
        " 040 123\N{NO-BREAK SPACE}4567",
    ],
)
def test_a_number_is_the_same_in_every_spelling(phone):
    assert finnish_mobile(" ".join(phone.split())) == "+358401234567"


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "+46701234567",
        "+37251234567",
        "0600123456",
        "0201234567",
        "0501",
        "0401234567890",
        "040CALLME1",
        "0401234567, 0501234567",
        "0401234567/0501234567",
        "0401234567 ext. 3",
        "tel:0401234567",
        "٠٤٠١٢٣٤٥٦٧",
    ],
)
def test_anything_but_one_finnish_mobile_number_is_none(phone):
    assert finnish_mobile(phone) is None


@pytest.mark.parametrize(
    ("record", "language"),
    [
        ("fi", "fi"),
        ("FI", "fi"),
        ("fin", "fi"),
        ("fi-FI", "fi"),
        ("sv", "sv"),
        ("sv_FI", "sv"),
        ("en", "en"),
        ("ru", "en"),
        ("se", "en"),
        ("", "en"),
        ("fil", "en"),
    ],
)
def test_the_language_is_the_records_or_english(record, language):
    assert choose_language(record) == language


def test_a_late_decision_sends_at_once_inside_the_window():
    at = datetime(2026, 11, 5, 15, 7, tzinfo=HELSINKI)
    assert decide(at=at).send_at == at


def test_a_late_decision_outside_the_window_waits_for_its_opening():
    assert decide(at=datetime(2026, 11, 4, 20, tzinfo=HELSINKI)).send_at == datetime(
        2026, 11, 5, 12, tzinfo=HELSINKI
    )
    assert decide(at=datetime(2026, 11, 5, 7, tzinfo=HELSINKI)).send_at == datetime(
        2026, 11, 5, 12, tzinfo=HELSINKI
    )


def test_nothing_leaves_more_than_14_days_after_the_event():
    event = seen(2026, 11, 3, 12)
    assert (
        decide(event, at=datetime(2026, 11, 16, 21, tzinfo=HELSINKI)).send_at
        == seen(2026, 11, 17, 12).occurred_at
    )
    assert decide(event, at=datetime(2026, 11, 17, 12, tzinfo=HELSINKI)).send
    assert decide(event, at=datetime(2026, 11, 17, 12, 1, tzinfo=HELSINKI)).reason == "too_old"


def test_the_day_of_the_event_is_the_one_in_finland():
    # 22:30 UTC is half past midnight: the visit was on the 4th.
    event = replace(EVENT, occurred_at=datetime(2026, 11, 3, 22, 30, tzinfo=UTC))
    assert decide(event, at=event.occurred_at).send_at == datetime(2026, 11, 5, 12, tzinfo=HELSINKI)


@pytest.mark.parametrize(("day", "offset"), [((2026, 3, 28), 3), ((2026, 10, 24), 2)])
def test_noon_is_noon_when_the_clocks_change(day, offset):
    event = seen(*day, 15)
    send_at = decide(event, at=event.occurred_at).send_at
    assert (send_at.hour, send_at.utcoffset()) == (12, timedelta(hours=offset))


@pytest.mark.parametrize(
    ("visit", "sent"),
    [
        ((2026, 11, 6, 9), (2026, 11, 9)),  # Friday → Monday
        ((2026, 12, 23, 9), (2026, 12, 28)),  # Christmas Eve, Christmas, Boxing Day, Sunday
        ((2026, 6, 18, 9), (2026, 6, 22)),  # Midsummer
        ((2027, 3, 25, 9), (2027, 3, 30)),  # Easter
    ],
)
def test_the_next_working_day_skips_weekends_and_holidays(visit, sent):
    event = seen(*visit)
    assert decide(event, rules=WORKING_DAYS, at=event.occurred_at).send_at == datetime(
        *sent, 12, tzinfo=HELSINKI
    )


def test_the_next_day_may_be_a_sunday():
    event = seen(2026, 11, 7, 9)
    assert decide(event, at=event.occurred_at).send_at == datetime(2026, 11, 8, 12, tzinfo=HELSINKI)


def test_a_units_quiet_days_are_waited_out():
    unit = replace(UNIT, quiet_days=frozenset({date(2026, 11, 4), date(2026, 11, 5)}))
    assert decide(unit=unit).send_at == datetime(2026, 11, 6, 12, tzinfo=HELSINKI)


def test_thirty_days_are_counted_to_the_day():
    visited, invited = date(2026, 11, 3), date(2026, 11, 4)
    assert not decide(history=History(previous_visit=visited - timedelta(days=30))).send
    assert decide(history=History(previous_visit=visited - timedelta(days=31))).send
    assert not decide(history=History(last_invited=invited - timedelta(days=29))).send
    assert decide(history=History(last_invited=invited - timedelta(days=30))).send


def test_a_visit_of_the_same_day_is_not_a_previous_one():
    assert decide(history=History(previous_visit=date(2026, 11, 3))).send


def test_zero_days_switch_a_rule_off():
    history = History(previous_visit=date(2026, 11, 1), last_invited=date(2026, 11, 1))
    assert decide(history=history, rules=replace(RULES, days_between_visits=0, days_between_messages=0)).send


def test_a_naive_time_of_decision_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="aware"):
        decide(at=datetime(2026, 11, 3, 18))  # noqa: DTZ001 - the mistake itself


def test_a_window_that_closes_before_it_opens_is_refused():
    with pytest.raises(ValueError, match="window"):
        SmsRules(window_opens=time(20), window_closes=time(12))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - given one


def mostly(usual, rest):
    """The usual value in most examples: otherwise hardly any event would be sendable."""
    return st.integers(0, 9).flatmap(lambda roll: rest if roll == 0 else st.just(usual))


EVENTS = st.builds(
    ServiceEvent,
    event_id=st.just("e1"),
    phone=mostly("0401234567", st.sampled_from(["", "091234567", "x"])),
    occurred_at=MOMENTS,
    visit_type=st.just(""),
    language=st.sampled_from(["fi", "sv", "", "se"]),
    birth_year=mostly(1980, st.one_of(st.none(), st.integers(1900, 2027))),
    municipality=st.just(""),
    unit=st.just("keskusta"),
    permission=mostly(True, st.sampled_from([False, None])),
    non_disclosure=mostly(False, st.sampled_from([True, None])),
    phones_on_file=mostly(1, st.sampled_from([0, 2, None])),
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
UNITS = st.builds(
    replace,
    st.just(UNIT),
    sms_on=mostly(True, st.just(False)),
    active_from=mostly(None, DAYS),
    active_to=mostly(None, DAYS),
)
HISTORIES = st.builds(
    History,
    opted_out=mostly(False, st.just(True)),
    last_invited=mostly(None, DAYS),
    previous_visit=mostly(None, DAYS),
    later_visit=mostly(False, st.just(True)),
    non_disclosure=mostly(False, st.just(True)),
)


@given(
    EVENTS,
    HISTORIES,
    mostly(UNIT, st.one_of(st.none(), UNITS)),
    st.sampled_from([RULES, WORKING_DAYS]),
    st.timedeltas(timedelta(days=-1), timedelta(days=15)),
)
def test_only_favourable_facts_ever_send(event, history, unit, rules, waited):
    decision = decide(event, history, unit, rules, event.occurred_at + waited)
    hypothesis.event(decision.reason)

    assert decision.reason in REASONS
    assert decision.send == (decision.send_at is not None) == (decision.reason == "send")
    if decision.send:
        visited, sent = (
            moment.astimezone(HELSINKI).date() for moment in (event.occurred_at, decision.send_at)
        )
        assert (event.permission, event.non_disclosure, event.phones_on_file) == (True, False, 1)
        assert event.phone == "0401234567"
        assert visited >= date(event.birth_year + 18, 12, 31)
        assert unit.sms_on
        assert (unit.active_from or visited) <= visited < sent <= (unit.active_to or sent)
        assert history == replace(history, opted_out=False, later_visit=False, non_disclosure=False)
        assert history.last_invited is None or sent - history.last_invited >= timedelta(days=30)


@given(
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(days=14)),
    st.sampled_from([RULES, WORKING_DAYS]),
    st.sets(st.integers(1, 14)),
)
def test_messages_leave_in_the_window_on_a_permitted_day_and_in_time(occurred_at, waited, rules, quiet):
    at = occurred_at + waited
    visited = occurred_at.astimezone(HELSINKI).date()
    unit = replace(UNIT, quiet_days=frozenset(visited + timedelta(days=n) for n in quiet))
    send_at = decide(replace(EVENT, occurred_at=occurred_at), unit=unit, rules=rules, at=at).send_at
    assume(send_at)

    local = send_at.astimezone(HELSINKI)
    assert time(12) <= local.time() < time(20)
    assert visited < local.date()
    assert local.date() not in unit.quiet_days
    assert rules is RULES or is_finnish_working_day(local.date())
    assert at <= send_at.astimezone(UTC) <= occurred_at + timedelta(days=14)


UNCLEAR = {
    "phone": "",
    "birth_year": None,
    "unit": "somewhere",
    "permission": None,
    "non_disclosure": None,
    "phones_on_file": None,
}


@pytest.mark.parametrize("fact", UNCLEAR)
def test_a_single_missing_fact_keeps_a_message_from_leaving(fact):
    (line,) = decide_file(replace(EVENT, **{fact: UNCLEAR[fact]}))
    assert not line["send"]


def test_a_missing_language_does_not():
    (line,) = decide_file(replace(EVENT, language=""))
    assert line["send"]
    assert line["language"] == "en"


# A whole file


PSYCHIATRY = UnitFacts(code="psyk", name={"fi": "Psykiatrian poliklinikka"}, sensitive=True, sms_on=True)


def decide_file(*events, rules=RULES, at=AT, known=None):
    units = {"keskusta": UNIT, "psyk": PSYCHIATRY}
    county = {"fi": "Esimerkin hyvinvointialue", "sv": "Exempels välfärdsområde", "en": "Example county"}
    link = "https://palaute.example/v/abcdefghjkmn"
    return list(decisions(events, units=units, rules=rules, at=at, county=county, link=link, known=known))


def reasons(*events, **given):
    return [line["reason"] for line in decide_file(*events, **given)]


def test_a_file_gives_a_line_for_each_event():
    sent, refused = decide_file(EVENT, replace(EVENT, event_id="e2", phone="0501234567", permission=False))

    assert sent == {
        "event_id": "e1",
        "send": True,
        "send_at": "2026-11-04T12:00:00+02:00",
        "reason": "send",
        "language": "fi",
        "text": "Esimerkin hyvinvointialue: miten asiointisi sujui (Keskustan terveysasema)? "
        "Vastaa nimettömästi ja maksutta: https://palaute.example/v/abcdefghjkmn",
        "segments": 1,
    }
    assert refused == {
        "event_id": "e2",
        "send": False,
        "send_at": None,
        "reason": "no_permission",
        "language": "fi",
        "text": None,
        "segments": 0,
    }


def test_the_text_never_names_a_sensitive_unit():
    (line,) = decide_file(replace(EVENT, unit="psyk"))
    assert line["send"]
    assert "sykiatria" not in line["text"]


def test_a_unit_without_a_translated_name_goes_by_its_finnish_one():
    assert public_name(replace(UNIT, name={"fi": "Keskusta", "sv": ""}), "sv") == "Keskusta"
    assert public_name(replace(UNIT, name={}), "sv") is None


def test_of_several_visits_on_a_day_only_the_last_is_asked_about():
    morning = EVENT
    noon = replace(seen(2026, 11, 3, 12), event_id="e2", phone="+358401234567", unit="psyk")
    assert reasons(morning, noon) == ["later_visit", "send"]
    assert reasons(noon, morning) == ["send", "later_visit"]


def test_two_visits_at_the_same_moment_give_one_message():
    assert sorted(reasons(EVENT, replace(EVENT, event_id="e2", unit="psyk"))) == ["later_visit", "send"]


def test_a_visit_before_the_message_leaves_takes_its_place_and_has_had_one_before_it():
    next_morning = replace(seen(2026, 11, 4, 9), event_id="e2")
    at = datetime(2026, 11, 4, 10, tzinfo=HELSINKI)
    assert reasons(EVENT, next_morning, at=at) == ["later_visit", "recent_visit"]
    assert reasons(EVENT, next_morning, at=at, rules=replace(RULES, days_between_visits=0)) == [
        "later_visit",
        "send",
    ]


def test_a_visit_booked_for_later_does_not_stop_the_message_about_this_one():
    booked = replace(seen(2026, 11, 20, 9), event_id="e2")
    assert reasons(EVENT, booked) == ["send", "future"]


def test_an_older_visit_in_the_file_is_a_previous_one():
    assert reasons(replace(seen(2026, 10, 15, 9), event_id="e0"), EVENT) == ["too_old", "recent_visit"]


def test_a_visit_of_the_same_day_does_not_hide_an_older_one():
    older = replace(seen(2026, 10, 15, 9), event_id="e0")
    noon = replace(seen(2026, 11, 3, 12), event_id="e2")
    assert reasons(older, EVENT, noon) == ["too_old", "later_visit", "recent_visit"]


def test_a_non_disclosure_order_on_any_record_of_a_number_holds_for_all():
    other = replace(
        EVENT, event_id="e2", occurred_at=EVENT.occurred_at - timedelta(days=40), non_disclosure=True
    )
    assert reasons(EVENT, other) == ["non_disclosure", "non_disclosure"]


def test_what_was_known_before_counts():
    number = "+358401234567"
    assert reasons(EVENT, known={number: Known(opted_out=True)}) == ["opted_out"]
    assert reasons(EVENT, known={number: Known(last_invited=date(2026, 10, 30))}) == ["recently_invited"]
    assert reasons(EVENT, known={"+358501234567": Known(opted_out=True)}) == ["send"]


def test_those_without_a_number_are_not_one_another():
    nobody = replace(EVENT, phone="")
    protected = replace(nobody, event_id="e2", non_disclosure=True)
    assert reasons(nobody, protected) == ["no_phone", "non_disclosure"]


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 4), timezones=st.just(UTC)),  # noqa: DTZ001 - given one
            st.sampled_from(["0401234567", "+358401234567", "0501234567"]),
        ),
        max_size=8,
    ),
    st.sampled_from([0, 30]),
)
def test_nobody_gets_two_messages_from_a_file(visits, between_visits):
    events = [
        replace(EVENT, event_id=f"e{index}", occurred_at=moment, phone=phone)
        for index, (moment, phone) in enumerate(visits)
    ]
    lines = decide_file(*events, rules=replace(RULES, days_between_visits=between_visits))

    numbers = [finnish_mobile(event.phone) for event, line in zip(events, lines, strict=True) if line["send"]]
    assert len(numbers) == len(set(numbers))
