"""The customer's own feedback by the receipt code, at /palautteeni/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.attempts import LIMIT_OF_ONE, WrongCodes, caller_of
from palauteketju.handling.models import Case

URL = "/palautteeni/"
WRONG = "1111 2222 3333 4444"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def look(english, give):
    def look():
        response = english.post(URL, {"code": give.receipt})
        assert response.status_code == 200
        return response.content.decode().replace("\xa0", " ")

    return look


def test_it_works(look, open_case, people, now):
    case = open_case("Jonotin tunnin.", at=now)
    page = look()
    assert "Keskustan terveysasema en" in page
    assert "Jonotin tunnin." in page
    assert "The unit is preparing an answer." in page
    assert f"We answer by {timezone.localtime(case.due_at):%a} {timezone.localtime(case.due_at).day} " in page


def test_the_answer_is_read_here(look, open_case, people, now):
    actions.answer(open_case(at=now), "Korjasimme jonotuksen.", by=people.aino, at=now)
    page = look()
    assert "Your feedback has been answered." in page
    assert "Korjasimme jonotuksen." in page
    assert "Aino" not in page  # the unit answers, not one of its people


def test_after_an_answer_one_may_begin_anew(look, open_case, units, people, now):
    case = open_case(at=now)
    link = f'<a class="alone" href="/p/{units.keskusta.slug}/">'
    assert link not in look()
    actions.answer(case, "Korjasimme jonotuksen.", by=people.aino, at=now)
    page = look()
    assert "If something is still unclear" in page
    assert f"{link}Give new feedback: Keskustan terveysasema en</a>" in page


def test_where_the_unit_has_closed_another_is_chosen(look, open_case, units, people, now):
    actions.answer(open_case(at=now), "Korjasimme jonotuksen.", by=people.aino, at=now)
    units.keskusta.active_to = timezone.localdate(now) - timedelta(days=1)
    units.keskusta.save()
    page = look()
    assert '<a class="alone" href="/">Give new feedback</a>' in page
    assert "/p/" not in page.split("<main")[1]


def test_one_message_of_ones_own_and_then_it_is_said_that_the_unit_has_it(
    english, look, give, open_case, people, now
):
    case = open_case(at=now)
    told = "The unit has your message. You can write here again if the unit asks you something."
    assert told not in look()
    english.post("/palautteeni/viesti/", {"code": give.receipt, "text": "Vielä yksi asia."})
    page = look()
    assert told in page
    assert "<textarea" not in page
    actions.record_reading(case, by=people.aino, at=now)
    actions.ask_clarification(case, "Milloin kävit?", by=people.aino, at=now)
    page = look()
    assert told not in page
    assert "<textarea" in page


def test_a_message_that_came_too_late_can_be_given_as_new_feedback(
    english, give, open_case, units, people, now
):
    actions.answer(open_case(at=now), "Korjasimme jonotuksen.", by=people.aino, at=now)
    response = english.post("/palautteeni/viesti/", {"code": give.receipt, "text": "Vielä yksi asia."})
    assert response.status_code == 409
    notice = response.content.decode().split('<div class="notice warning"')[1].split("</div>")[0]
    assert "Vielä yksi asia." in notice
    assert f'href="/p/{units.keskusta.slug}/"' in notice


def test_notes_and_calls_are_not_the_customers(look, open_case, people, now):
    case = open_case(at=now)
    actions.record_note(case, "Kurjenmiekka", by=people.aino, at=now)
    actions.record_call(case, "Rotkolemmikki", by=people.aino, at=now)
    page = look()
    assert "Kurjenmiekka" not in page
    assert "Rotkolemmikki" not in page


def test_a_question_can_be_answered_here(look, open_case, people, now):
    actions.ask_clarification(open_case(at=now), "Milloin kävit?", by=people.aino, at=now)
    page = look()
    assert "The unit has a question for you." in page
    assert "Milloin kävit?" in page
    assert "<textarea" in page


def test_a_question_takes_no_promised_day_back(look, open_case, people, now):
    case = open_case(at=now)
    actions.ask_clarification(case, "Milloin kävit?", by=people.aino, at=now)
    due = timezone.localtime(case.due_at)
    page = look()
    assert "The question and a place to answer it are below." in page
    assert f"We answer by {due:%a} {due.day} " in page


def test_a_late_unit_that_asks_says_that_it_is_late(look, open_case, people, now):
    case = open_case(at=now - timedelta(days=20))
    actions.ask_clarification(case, "Milloin kävit?", by=people.aino, at=now)
    assert "You should have been answered by" in look()


def test_a_question_promises_no_answer_to_who_asked_for_none(look, open_case, people, now):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", way=None, at=now)
    actions.ask_clarification(case, "Milloin kävit?", by=people.aino, at=now)
    page = look()
    assert "The unit has a question for you." in page
    assert "We answer by" not in page


def test_feedback_without_a_case_is_told_what_happens(look, give, people, now):
    actions.triage(give("Kiitos.", at=now).pk, at=now)
    page = look()
    assert "counted in the reports" in page
    assert "<textarea" not in page


def test_feedback_not_yet_triaged_is_promised_its_answer(look, give, people, now):
    give("Kiitos.", way="receipt", at=now)
    assert "We answer by" in look()


def test_a_late_answer_is_said_to_be_late(look, open_case, people, now):
    open_case(at=now - timedelta(days=20))
    assert "The unit is late with your answer." in look()


def test_rules_that_hurry_the_unit_promise_the_customer_nothing_new(look, open_case, people, now):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", at=now)
    assert case.is_urgent
    promised = timezone.localtime(now) + timedelta(days=14)
    assert f"We answer by {promised:%a} {promised.day} " in look()


@pytest.mark.parametrize(
    "outcome", [Case.Outcome.ACTED, Case.Outcome.REDIRECTED, Case.Outcome.NOTHING_NEEDED]
)
def test_how_it_ended_is_told(look, open_case, people, now, outcome):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", way=None, at=now)
    actions.remove_urgency(case, by=people.aino, at=now)
    actions.close_case(case, outcome, by=people.aino, at=now, done="Kurjenmiekka")
    page = look()
    assert "Dealt with on" in page
    assert "Kurjenmiekka" not in page


@pytest.mark.parametrize("spaced", ["{}", " {} ", "{}\u00a0"])
def test_the_code_may_be_spaced_in_any_way(client, give, now, spaced):
    give(at=now)
    assert client.post(URL, {"code": spaced.format(give.receipt)}).status_code == 200
    assert client.post(URL, {"code": give.receipt.replace(" ", "-")}).status_code == 200


def test_a_wrong_code_comes_back_to_be_mended(english, give, now):
    give(at=now)
    response = english.post(URL, {"code": WRONG})
    assert response.status_code == 404
    page = response.content.decode()
    assert f'value="{WRONG}"' in page
    assert "No feedback was found with this code." in page


@pytest.mark.parametrize(
    "code", ["", "12345", "abcd efgh ijkl mnop", "1" * 100, "１２３４ 5678 9012 3456", "\x00"]
)
def test_what_is_no_code_is_said_so(client, db, code):
    response = client.post(URL, {"code": code})
    assert response.status_code == 422
    assert response.context["form"].errors["code"]


def test_the_code_stands_in_no_address(client, give, now):
    give(at=now)
    response = client.get(URL, {"code": give.receipt})
    assert response.status_code == 200
    assert give.receipt not in response.content.decode().split("<main")[1]
    assert 'method="post"' in response.content.decode()


def test_nothing_of_it_is_kept_by_the_browser(client, give, now):
    give(at=now)
    response = client.post(URL, {"code": give.receipt})
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_many_wrong_codes_must_wait(english, give, now):
    give(at=now)
    for _ in range(LIMIT_OF_ONE):
        assert english.post(URL, {"code": WRONG}).status_code == 404
    response = english.post(URL, {"code": WRONG})
    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert f'value="{WRONG}"' in response.content.decode()
    # Somebody elsewhere is not disturbed.
    assert english.post(URL, {"code": give.receipt}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_after_ten_minutes_one_may_try_again(now):
    wrong = WrongCodes()
    for _ in range(LIMIT_OF_ONE):
        wrong.add("192.0.2.7", at=now)
    assert wrong.is_too_many("192.0.2.7", at=now + timedelta(minutes=9))
    assert not wrong.is_too_many("192.0.2.7", at=now + timedelta(minutes=10))


def test_guessing_from_everywhere_is_limited_together(now):
    wrong = WrongCodes()
    for number in range(3000):
        wrong.add(f"192.0.{number // 250}.{number % 250}", at=now)
    assert wrong.is_too_many("203.0.113.1", at=now)


def test_memory_is_bounded(now):
    wrong = WrongCodes()
    for number in range(10_500):
        wrong.add(str(number), at=now)
    assert len(wrong._of_one) == 10_000


@pytest.mark.parametrize(
    ("given", "caller"),
    [
        ({"REMOTE_ADDR": "192.0.2.7"}, "192.0.2.7"),
        ({"REMOTE_ADDR": "2001:db8::1:2:3"}, "2001:db8::/64"),
        ({"REMOTE_ADDR": ""}, "unknown"),
        ({"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}, "192.0.2.7"),
    ],
)
def test_a_caller_is_an_address_or_a_network(rf, given, caller):
    assert caller_of(rf.post(URL, **given)) == caller


def test_behind_a_proxy_the_address_it_noted_counts(rf, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = rf.post(URL, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="made up, 198.51.100.1")
    assert caller_of(request) == "198.51.100.1"
