"""The text message that tells a customer there is something to read: once at most, and never in the night."""

from datetime import datetime, timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, retention
from palauteketju.handling.models import CustomerNotice, FollowUp, Message
from palauteketju.handling.prompting.to_customers import may_leave_at
from palauteketju.organisation.deadlines import HELSINKI
from palauteketju.sms.actions import forbid_surveys
from palauteketju.sms.errors import NoticeNotSent
from palauteketju.sms.gateways import SimulatorGateway
from palauteketju.sms.models import OutgoingSms
from palauteketju.sms.segments import segments
from tests.sms.provider import TOKEN, a_provider

NUMBER = "+358401234567"


@pytest.fixture
def network(settings, tmp_path):
    settings.SMS_SIMULATOR_DIR = tmp_path / "simulator"
    return SimulatorGateway(settings.SMS_SIMULATOR_DIR)


@pytest.fixture
def provider(settings):
    with a_provider() as provider:
        settings.SMS_GATEWAY = "http"
        settings.SMS_HTTP_ADDRESS, settings.SMS_HTTP_TOKEN = provider.address, TOKEN
        yield provider


@pytest.fixture
def message(open_case, people, at):
    case = open_case(way="sms", value=NUMBER)
    return actions.ask_clarification(case, "Minä päivänä kävit Sinikellossa?", by=people.aino, at=at)


def tell(message, at):
    return actions.tell_customer(message.pk, at=at)


def messages_to(network):
    return [one for phone in network.phones(most=9) for one in phone.messages]


def test_it_works(message, network, at):
    assert tell(message, at)

    (phone,) = network.phones(most=9)
    assert phone.number == NUMBER
    assert "/palautteeni/?kieli=en" in phone.messages[0].text
    entry = Entry.objects.last()
    assert (entry.action, entry.facts["way"]) == ("handling.customer.told", "sms")


@pytest.mark.parametrize("kind", [Message.Kind.CLARIFICATION, Message.Kind.RESPONSE, Message.Kind.EXTENSION])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_tells_nothing_and_costs_little(open_case, people, network, at, kind, language):
    case = open_case(way="sms", value=NUMBER, language=language)
    message = Message.objects.create(case=case, kind=kind, author=people.aino, text="Salaisuus", at=at)
    CustomerNotice.objects.create(message=message, way="sms", at=at)
    tell(message, at)

    (text,) = [one.text for one in messages_to(network)]
    assert segments(text).encoding == "GSM-7"
    assert segments(text).parts <= 2
    for word in ("Salaisuus", "Keskustan", "Aino", "Sinikello"):
        assert word not in text


def test_the_second_time_nothing_is_sent(message, network, at):
    tell(message, at)
    assert not tell(message, at + timedelta(hours=1))
    assert len(messages_to(network)) == 1


def test_two_workers_at_once_tell_once(at_once, message, network, at):
    assert sorted(at_once(*[lambda: tell(message, at)] * 4)) == [False, False, False, True]
    assert len(messages_to(network)) == 1


def test_what_a_dead_worker_may_have_sent_is_never_sent_again(english, people, message, network, at):
    assert CustomerNotice.claim(message.pk, at=at)
    assert not tell(message, at + timedelta(seconds=119))
    assert CustomerNotice.objects.get().dropped_at is None

    later = at + timedelta(minutes=2)
    assert not tell(message, later)
    notice = CustomerNotice.objects.get()
    assert (notice.dropped_at, notice.failure) == (later, "outcome unknown")
    assert messages_to(network) == []
    english.force_login(people.aino)
    assert "has perhaps not reached them" in english.get(f"/kasittely/{message.case_id}/").content.decode()


def test_a_provider_that_is_down_loses_nothing(english, people, message, provider, at):
    provider.answer = 503
    with pytest.raises(NoticeNotSent):
        tell(message, at)
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{message.case_id}/").content.decode()
    assert "has not gone yet" in page
    assert NUMBER not in page

    provider.answer = 202
    assert tell(message, at + timedelta(minutes=1))
    assert "has not gone yet" not in english.get(f"/kasittely/{message.case_id}/").content.decode()


@pytest.mark.parametrize(("status", "failure"), [(400, "400"), (500, "outcome unknown 500")])
def test_what_is_refused_or_may_have_gone_is_given_up(message, provider, at, status, failure):
    provider.answer = status
    assert not tell(message, at)
    assert not tell(message, at + timedelta(hours=1))
    assert len(provider.got) == 1
    assert CustomerNotice.objects.get().failure == failure


def test_without_a_gateway_it_waits(settings, message, at):
    settings.SMS_GATEWAY = "none"
    with pytest.raises(NoticeNotSent, match="no gateway"):
        tell(message, at)
    assert CustomerNotice.objects.get().dropped_at is None


def test_who_has_forbidden_surveys_is_told_all_the_same(message, network, at):
    forbid_surveys(NUMBER, at=at)
    assert tell(message, at)


def test_no_table_of_text_messages_learns_of_it(message, network, at):
    tell(message, at)
    assert not OutgoingSms.objects.exists()


def test_when_the_number_is_deleted_nobody_is_told_any_more(message, people, network, at):
    actions.answer(message.case, "Kiitos.", by=people.aino, at=at)
    much_later = at + timedelta(days=400)
    retention.delete_contact_details(at=much_later)
    assert not tell(message, much_later)
    assert messages_to(network) == []


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ((2026, 11, 28, 8, 0), (2026, 11, 28, 8, 0)),
        ((2026, 11, 28, 20, 59), (2026, 11, 28, 20, 59)),
        ((2026, 11, 28, 21, 0), (2026, 11, 29, 8, 0)),
        ((2026, 11, 28, 7, 59), (2026, 11, 28, 8, 0)),
        # The night in which the clocks go forward.
        ((2027, 3, 27, 23, 30), (2027, 3, 28, 8, 0)),
    ],
)
def test_no_phone_rings_in_the_night(written, leaves):
    moment = datetime(*written, tzinfo=HELSINKI)
    assert may_leave_at("sms", moment) == datetime(*leaves, tzinfo=HELSINKI)
    assert may_leave_at("email", moment) == moment


def test_what_was_written_in_the_night_goes_in_the_morning(open_case, people, network, at):
    night = datetime(2026, 11, 18, 23, 30, tzinfo=HELSINKI)
    case = open_case(way="sms", value=NUMBER, at=night)
    actions.answer(case, "Kiitos.", by=people.aino, at=night)
    morning = datetime(2026, 11, 19, 8, 0, tzinfo=HELSINKI)
    assert CustomerNotice.objects.get().at == morning

    before = actions.announce_lost(at=morning)
    assert actions.announce_lost(at=morning + timedelta(minutes=5)) == before + 1


def test_after_four_weeks_the_question_comes_by_text_message(open_case, people, network, at):
    case = open_case(way="sms", value=NUMBER)
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    later = at + timedelta(weeks=4)
    assert actions.ask_if_helped(at=later) == 1
    assert actions.send_follow_up(FollowUp.objects.get().pk, at=later)
    assert "did the answer to your feedback help?" in messages_to(network)[0].text
