"""The link to the weekly report on Monday morning, for those who want it: ordering it, and sending it once a week."""

from collections.abc import Iterable
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.insight import access, periods
from palauteketju.insight.models import ReportMail, ReportOrder
from palauteketju.insight.period_words import period_in_words
from palauteketju.organisation import mails
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Person, Unit
from palauteketju.organisation.sendings import WAITING, without_job

REPORT_MAIL = "palauteketju.report_mail"
# Monday's blocks have closed by then (insight.actions.CLOSING_TIME), and nobody is woken by it.
SENDING_TIME = time(7)


def order_reports(scopes: Iterable[Unit], *, by: Person, at: datetime) -> None:
    """From now on the person gets the links to these reports and no others."""
    wanted = {scope.pk: scope for scope in scopes}
    with transaction.atomic():
        ReportOrder.objects.filter(person=by).exclude(scope__in=wanted).delete()
        for scope in wanted.values():
            ReportOrder.objects.get_or_create(person=by, scope=scope, defaults={"ordered_at": at})
        log.record("insight.reports.ordered", by=by, subject=by, at=at, facts={"reports": len(wanted)})


def ordered_by(person: Person) -> frozenset[int]:
    """The keys of the units, areas and counties."""
    return frozenset(ReportOrder.objects.filter(person=person).values_list("scope_id", flat=True))


def announce_due(*, at: datetime) -> int:
    """Announce an e-mail for everybody who ordered before Monday's sending time, once a week; returns how many.

    After a Monday without a running worker it is announced when one runs again, if the week is not over. So is one
    whose job was lost.
    """
    monday = periods.week_of(at.astimezone(periods.HELSINKI).date()).first
    sending = datetime.combine(monday, SENDING_TIME, tzinfo=periods.HELSINKI)
    if at < sending:
        return 0
    week = periods.last_whole_week(at)
    announced = ReportMail.objects.filter(week=week.first).values("person")
    people = (
        Person.objects.filter(
            pk__in=ReportOrder.objects.filter(ordered_at__lte=sending).values("person"), is_active=True
        )
        .exclude(email="")
        .exclude(pk__in=announced)
    )
    made = _announce_lost(week)
    for person in people.order_by("pk"):
        with transaction.atomic():
            mail, is_new = ReportMail.objects.get_or_create(
                person=person, week=week.first, defaults={"at": at}
            )
            if is_new:
                _announce(mail.pk)
                made += 1
    return made


def send_report_mail(mail_id: int, *, at: datetime) -> bool:
    """Send the links, unless that was done, another worker is at it, or nobody wants them any more; whether they were sent.

    Raises MailNotSent, and then the e-mail still waits. A crash between the mail server and our commit sends it again,
    under the same Message-ID.
    """
    if not ReportMail.claim(mail_id, at=at):
        return False
    mail = ReportMail.objects.select_related("person").get(pk=mail_id)
    person = mail.person
    scopes = _scopes_still_wanted(person)
    if not scopes:
        ReportMail.settle(mail_id, dropped_at=at)
        return False
    with translation.override(person.language):
        subject, body = _written(scopes, periods.Week(mail.week))
    try:
        mails.send(subject, body, to=person.email, mark=f"report-{mail_id}")
    except MailNotSent as error:
        ReportMail.note_failure(mail_id, str(error), at=at)
        raise
    with transaction.atomic():
        ReportMail.settle(mail_id, sent_at=at)
        log.record("insight.report_mail.sent", by=None, subject=person, at=at, facts={"reports": len(scopes)})
    return True


def _announce(mail_id: int) -> None:
    """In the caller's transaction."""
    jobs.configure_task(REPORT_MAIL, queue="prompts").defer(mail_id=mail_id)


def _announce_lost(week: periods.Week) -> int:
    """A job that met the claim of a killed worker ended without sending: nothing hangs on the job table alone."""
    waiting = ReportMail.objects.filter(week=week.first, **WAITING)
    with transaction.atomic():
        lost = list(
            without_job(waiting, job=REPORT_MAIL, argument="mail_id")
            .select_for_update(of=("self",), skip_locked=True)
            .values_list("pk", flat=True)
        )
        for mail_id in lost:
            _announce(mail_id)
    return len(lost)


def _scopes_still_wanted(person: Person) -> list[Unit]:
    """Asked anew when the e-mail goes: a role may have ended since it was ordered."""
    if not person.is_active or not person.email:
        return []
    return list(access.reports_open_to(person).filter(pk__in=ordered_by(person)).order_by("name_fi", "pk"))


def _written(scopes: Iterable[Unit], week: periods.Week) -> tuple[str, str]:
    """Links and names only: no figure leaves in an e-mail."""
    links = [
        f"{scope.name}\n{settings.PUBLIC_ADDRESS}/raportit/{scope.slug}/?viikko={week}" for scope in scopes
    ]
    end = _("You ordered this. You can end it here: %(address)s") % {
        "address": f"{settings.PUBLIC_ADDRESS}/raportit/tilaus/"
    }
    subject = _("The weekly report is ready: %(week)s") % {"week": period_in_words(week)}
    return subject, "\n\n".join([*links, end])
