"""The link to the weekly report on Monday morning: /raportit/tilaus/ and what the clock sends."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit.models import Entry
from palauteketju.insight import report_orders
from palauteketju.insight.models import ReportMail, ReportOrder
from palauteketju.insight.retention import delete_report_mails
from palauteketju.operations import clock
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Role
from palauteketju.organisation.sendings import unsent
from tests.handling import conftest as handling
from tests.insight.answers import HELSINKI, answers, close

pytestmark = pytest.mark.django_db

committed = handling.committed
at_once = handling.at_once
postbox = handling.postbox
URL = "/raportit/tilaus/"
FRIDAY = datetime(2026, 11, 13, 15, 0, tzinfo=HELSINKI)
MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=HELSINKI)


@pytest.fixture
def ordered(units, people):
    report_orders.order_reports([units.keskusta], by=people.jaana, at=FRIDAY)


def test_it_works(client, people, units):
    client.force_login(people.jaana)
    assert "jaana@example.fi" in client.get(URL).content.decode()

    assert client.post(URL, {"scopes": [units.keskusta.pk]}).url == URL

    assert ReportOrder.objects.get().scope == units.keskusta
    assert "checked" in client.get(URL).content.decode()


def test_the_mail_is_a_link_and_no_content(units, people, ordered):
    close(answers(units.keskusta, 12), on=FRIDAY)
    report_orders.announce_due(at=MONDAY)
    sent = report_orders.send_report_mail(ReportMail.objects.get().pk, at=MONDAY)

    [message] = mail.outbox
    assert sent
    assert message.to == ["jaana@example.fi"]
    assert "/raportit/keskusta/?viikko=2026-W46" in message.body
    assert URL in message.body
    assert "12" not in message.body.replace("127.0.0.1", "")
    assert "100" not in message.body


def test_once_a_week(people, ordered):
    assert [report_orders.announce_due(at=MONDAY + timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]
    assert report_orders.announce_due(at=MONDAY + timedelta(days=7)) == 1

    assert [
        job.args
        for job in ProcrastinateJob.objects.filter(task_name="palauteketju.report_mail").order_by("id")
    ] == [{"mail_id": pk} for pk in ReportMail.objects.order_by("week").values_list("pk", flat=True)]
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportMail.objects.create(person=people.jaana, week=ReportMail.objects.first().week, at=MONDAY)


def test_what_is_known_of_old_ones_is_deleted_after_five_weeks(people, ordered):
    """However late: the mail of a week that is not over is never announced twice."""
    for week in range(8):
        report_orders.announce_due(at=MONDAY + timedelta(weeks=week))
    last = MONDAY + timedelta(weeks=7, days=6, hours=16)

    assert [delete_report_mails(at=last) for _ in range(2)] == [3, 0]
    assert ReportMail.objects.order_by("week").first().week.isoformat() == "2026-11-30"
    assert report_orders.announce_due(at=last) == 0
    assert "report mails of the past" in clock.PARTS


def test_one_that_was_deleted_while_it_waited_is_not_sent(people, ordered):
    report_orders.announce_due(at=MONDAY)
    waiting = ReportMail.objects.get().pk
    delete_report_mails(at=MONDAY + timedelta(weeks=8))

    assert not report_orders.send_report_mail(waiting, at=MONDAY + timedelta(weeks=8))
    assert mail.outbox == []


def test_a_second_run_of_the_job_sends_nothing(people, ordered):
    report_orders.announce_due(at=MONDAY)
    pk = ReportMail.objects.get().pk

    assert [report_orders.send_report_mail(pk, at=MONDAY) for _ in range(2)] == [True, False]
    assert len(mail.outbox) == 1


def test_two_workers_at_once_send_one(committed, at_once, postbox, ordered):
    report_orders.announce_due(at=MONDAY)
    pk = ReportMail.objects.get().pk

    sent = at_once(*[lambda: report_orders.send_report_mail(pk, at=MONDAY)] * 2)
    assert sorted(sent) == [False, True]
    assert len(postbox.taken) == 1


def test_a_claim_of_a_dead_worker_runs_out(people, ordered):
    report_orders.announce_due(at=MONDAY)
    pk = ReportMail.objects.get().pk
    assert ReportMail.claim(pk, at=MONDAY)

    assert not report_orders.send_report_mail(pk, at=MONDAY + timedelta(minutes=1))
    assert report_orders.send_report_mail(pk, at=MONDAY + timedelta(minutes=3))
    assert len(mail.outbox) == 1


def test_one_whose_job_was_lost_is_announced_again(people, ordered):
    report_orders.announce_due(at=MONDAY)
    ProcrastinateJob.objects.all()._raw_delete("default")

    assert [report_orders.announce_due(at=MONDAY + timedelta(minutes=5)) for _ in range(2)] == [1, 0]
    assert report_orders.send_report_mail(ReportMail.objects.get().pk, at=MONDAY)
    ProcrastinateJob.objects.all()._raw_delete("default")
    assert report_orders.announce_due(at=MONDAY + timedelta(minutes=6)) == 0


def waiting(*, at):
    """What the administrator's page lists."""
    with translation.override("en"):
        return [(one.name, one.n, one.failure) for one in unsent(at=at)]


def test_a_refusal_shows_why_and_it_goes_later(people, ordered, postbox):
    report_orders.announce_due(at=MONDAY)
    pk = ReportMail.objects.get().pk
    postbox.answer = "451 later"
    with pytest.raises(MailNotSent):
        report_orders.send_report_mail(pk, at=MONDAY)
    assert ReportMail.objects.values_list("tries", "failed_at", "failure", "sent_at").get() == (
        1,
        MONDAY,
        "SMTPDataError 451",
        None,
    )
    assert ("Links to the weekly reports", 1, "SMTPDataError 451") in waiting(at=MONDAY)

    postbox.answer = "250 OK"
    assert report_orders.send_report_mail(pk, at=MONDAY + timedelta(seconds=10))
    assert ("Links to the weekly reports", 0, "") in waiting(at=MONDAY)
    assert Entry.objects.filter(action="insight.report_mail.sent").count() == 1


def test_not_before_seven(people, ordered):
    assert report_orders.announce_due(at=MONDAY - timedelta(minutes=1)) == 0


def test_a_worker_that_was_down_on_monday_catches_up(people, ordered):
    assert report_orders.announce_due(at=MONDAY + timedelta(days=2)) == 1


def test_who_orders_on_tuesday_waits_for_the_next_monday(people, units):
    report_orders.order_reports([units.keskusta], by=people.jaana, at=MONDAY + timedelta(days=1))

    assert report_orders.announce_due(at=MONDAY + timedelta(days=2)) == 0
    assert report_orders.announce_due(at=MONDAY + timedelta(days=7)) == 1


def test_who_has_left_gets_nothing(people, ordered):
    report_orders.announce_due(at=MONDAY)
    Role.objects.filter(person=people.jaana).delete()

    assert not report_orders.send_report_mail(ReportMail.objects.get().pk, at=MONDAY)
    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_whoever_cannot_be_reached_is_not_announced(people, ordered, change):
    for name, value in change.items():
        setattr(people.jaana, name, value)
    people.jaana.save()

    assert report_orders.announce_due(at=MONDAY) == 0


def test_ending_it(client, people, ordered):
    client.force_login(people.jaana)
    client.post(URL, {})

    assert not ReportOrder.objects.exists()
    assert report_orders.announce_due(at=MONDAY) == 0


def test_another_units_report_cannot_be_ordered(client, people, units):
    client.force_login(people.jaana)

    assert client.post(URL, {"scopes": [units.koti.pk]}).status_code == 422
    assert not ReportOrder.objects.exists()


@pytest.mark.parametrize("who", ["aada", "petra"])
def test_who_has_no_reports_has_no_page(client, people, who):
    client.force_login(getattr(people, who))

    assert client.get(URL).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "Viikkoraportti"), ("sv", "Veckorapporten"), ("en", "weekly report")]
)
def test_in_the_readers_language(people, ordered, language, words):
    people.jaana.language = language
    people.jaana.save()
    report_orders.announce_due(at=MONDAY)
    report_orders.send_report_mail(ReportMail.objects.get().pk, at=MONDAY)

    assert words in mail.outbox[0].subject
