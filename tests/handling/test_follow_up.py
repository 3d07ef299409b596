"""Four weeks after the answer: did it help? Asked once, answered once, counted and never a figure of one handler."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, handover
from palauteketju.handling.errors import NotAsked
from palauteketju.handling.models import Case, FollowUp
from palauteketju.handling.retention import delete_contact_details
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Role

WEEKS = timedelta(weeks=4)


@pytest.fixture
def answered(open_case, people, at):
    """Given, triaged and answered at once; the customer asked for e-mail."""

    def answered(**more):
        case = open_case(**{"way": "email", "value": "matti.asiakas@example.fi"} | more)
        actions.answer(case, "Kiitos. Korjasimme asian.", by=people.aino, at=at)
        return case

    return answered


def test_it_works(answered, postbox, at):
    answered()
    assert actions.ask_if_helped(at=at + WEEKS) == 1
    assert actions.send_follow_up(FollowUp.objects.get().pk, at=at + WEEKS)

    (mail,) = postbox.taken
    assert mail["To"] == "matti.asiakas@example.fi"
    assert "/palautteeni/" in mail.get_content()
    assert Entry.objects.filter(action="handling.customer.asked_if_helped").exists()


def test_whom_to_ask_is_found_by_an_index(answered, at):
    answered()
    with CaptureQueriesContext(connection) as queries:
        actions.ask_if_helped(at=at + WEEKS)
    [asked] = [query["sql"] for query in queries if query["sql"].startswith("SELECT DISTINCT ON")]
    with connection.cursor() as cursor:
        # So few rows would be read one by one.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}")
        assert "case_answered" in str(cursor.fetchall())


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_mail_tells_nothing(answered, postbox, give, at, language):
    answered(language=language)
    actions.ask_if_helped(at=at + WEEKS)
    actions.send_follow_up(FollowUp.objects.get().pk, at=at + WEEKS)

    everything = postbox.taken[0].as_string() + postbox.taken[0].get_content()
    for word in ["Sinikello", "Keskustan", "Korjasimme", "Aino", give.receipt]:
        assert word not in everything


def test_nobody_is_asked_before_four_weeks_or_twice(answered, at):
    answered()
    assert actions.ask_if_helped(at=at + WEEKS - timedelta(minutes=1)) == 0
    assert actions.ask_if_helped(at=at + WEEKS) == 1
    assert actions.ask_if_helped(at=at + WEEKS) == 0


def test_who_got_no_answer_is_not_asked(open_case, people, at):
    case = open_case(way="email", value="matti.asiakas@example.fi")
    actions.close_case(case, Case.Outcome.NO_ANSWER_POSSIBLE, by=people.aino, at=at, done="Ei onnistu.")
    assert actions.ask_if_helped(at=at + WEEKS) == 0


def test_who_asked_for_the_receipt_page_gets_no_mail(answered, at):
    answered(way="receipt", value="")
    assert actions.ask_if_helped(at=at + WEEKS) == 0


def test_the_address_is_still_there_and_then_is_not(answered, postbox, at):
    answered()
    assert delete_contact_details(at=at + WEEKS) == 0
    actions.ask_if_helped(at=at + WEEKS)
    assert delete_contact_details(at=at + timedelta(days=30)) == 1
    assert not actions.send_follow_up(FollowUp.objects.get().pk, at=at + timedelta(days=30))
    assert postbox.taken == []
    assert FollowUp.objects.get().dropped_at


def test_a_dead_mail_server_leaves_it_waiting(answered, postbox, at):
    answered()
    actions.ask_if_helped(at=at + WEEKS)
    postbox.answer = "451 Try later"
    with pytest.raises(MailNotSent):
        actions.send_follow_up(FollowUp.objects.get().pk, at=at + WEEKS)
    postbox.answer = "250 OK"
    assert actions.send_follow_up(FollowUp.objects.get().pk, at=at + WEEKS)


def test_who_has_told_already_is_not_asked(answered, postbox, at):
    case = answered()
    actions.tell_if_helped(case.feedback, FollowUp.Helped.YES, at=at + WEEKS)
    assert actions.ask_if_helped(at=at + WEEKS) == 0


def test_the_first_answer_stands(answered, at):
    case = answered()
    actions.tell_if_helped(case.feedback, FollowUp.Helped.NO, at=at + WEEKS)
    assert actions.tell_if_helped(case.feedback, FollowUp.Helped.YES, at=at + WEEKS).helped == "no"
    assert Entry.objects.filter(action="handling.customer.told_if_helped").count() == 1


def test_two_presses_at_once_are_one_answer(at_once, answered, at):
    case = answered()
    tell = actions.tell_if_helped
    told = at_once(
        lambda: tell(case.feedback, FollowUp.Helped.NO, at=at + WEEKS),
        lambda: tell(case.feedback, FollowUp.Helped.YES, at=at + WEEKS),
    )
    assert len({one.helped for one in told}) == 1
    assert FollowUp.objects.count() == 1


def test_before_four_weeks_nothing_is_stored(answered, at):
    with pytest.raises(NotAsked):
        actions.tell_if_helped(answered().feedback, FollowUp.Helped.YES, at=at + timedelta(days=1))
    assert not FollowUp.objects.exists()


def test_the_trail_does_not_tell_what_was_said(answered, at):
    actions.tell_if_helped(answered().feedback, FollowUp.Helped.NO, at=at + WEEKS)
    assert Entry.objects.get(action="handling.customer.told_if_helped").facts == {}


def counted(at):
    counts = handover.helped_counts(after=at + WEEKS - timedelta(days=1), until=at + WEEKS)
    return [(one.unit, one.stream, one.value, one.n) for one in counts]


def test_what_was_said_is_counted_for_the_unit(answered, at):
    for said in ("yes", "yes", "no"):
        actions.tell_if_helped(answered(text=said).feedback, FollowUp.Helped(said), at=at + WEEKS)
    assert counted(at) == [("keskusta", "helped", "no", 1), ("keskusta", "helped", "yes", 2)]


def test_where_one_person_handles_alone_it_counts_in_the_area(answered, people, at):
    case = answered()
    Role.objects.filter(person=people.eero).delete()
    actions.tell_if_helped(case.feedback, FollowUp.Helped.YES, at=at + WEEKS)
    assert counted(at) == [("terveys", "helped", "yes", 1)]


def test_the_receipt_page_asks_from_then_on(answered, english, give, settings, at):
    case = answered()
    code = {"code": give.receipt}
    assert "Did the answer help?" not in english.post("/palautteeni/", code).content.decode()

    Case.objects.filter(pk=case.pk).update(answered_at=at - 2 * WEEKS)
    assert "Did the answer help?" in english.post("/palautteeni/", code).content.decode()
    page = english.post("/palautteeni/auttoiko/", code | {"helped": "partly"}).content.decode()
    assert "You have told whether the answer helped: Partly" in page
    assert FollowUp.objects.get().helped == "partly"
    page = english.post("/palautteeni/auttoiko/", code | {"helped": "no"}).content.decode()
    assert "Partly" in page
    # Whom it did not help is not left there.
    assert "Give new feedback" in page.split("Partly")[1]


def test_a_press_without_a_choice_comes_back(answered, english, give, at):
    case = answered()
    Case.objects.filter(pk=case.pk).update(answered_at=at - 2 * WEEKS)
    response = english.post("/palautteeni/auttoiko/", {"code": give.receipt})
    assert response.status_code == 422
    assert "Choose one." in response.content.decode()


def test_too_early_or_with_a_wrong_code_nothing_is_stored(answered, english, give, at):
    answered()
    assert (
        english.post("/palautteeni/auttoiko/", {"code": "1234 5678 9012 3456", "helped": "yes"}).status_code
        == 404
    )
    assert english.post("/palautteeni/auttoiko/", {"code": give.receipt, "helped": "yes"}).status_code in {
        200,
        409,
    }
    assert english.get("/palautteeni/auttoiko/").url == "/palautteeni/"
