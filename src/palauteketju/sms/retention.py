"""What sms forgets, and when."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from palauteketju.sms import actions, counting, policy
from palauteketju.sms.eligibility import local_day
from palauteketju.sms.models import Contacted, DecisionCount, Invitation, OptOutAsked, OutgoingSms, SeenEvent

EVENTS_KEPT = timedelta(days=60)
COUNTS_KEPT = timedelta(days=730)


def forget(*, at: datetime) -> int:
    """Delete what no rule needs any more; returns how many rows.

    A message of a dead process, and one whose last moment has passed unsent; an event after 60 days, when it would
    be too old anyway; a number's visits and invitation once they are outside the county's days; an invitation that
    has run out; the marks of the limit on prohibitions; counts after two years. Prohibitions stay.
    """
    today, rules = local_day(at), policy.rules_in_force()
    deleted = actions.give_up_stale(at=at) + _give_up_late(at=at)
    # An event may come that many days late and still ask about the days before it.
    oldest_visit = today - timedelta(days=rules.days_between_visits) - rules.oldest_event
    oldest_invitation = today - timedelta(days=rules.days_between_messages)
    Contacted.objects.filter(earlier_visit_on__lt=oldest_visit).update(earlier_visit_on=None)
    Contacted.objects.filter(last_visit_on__lt=oldest_visit).update(last_visit_on=None)
    Contacted.objects.filter(last_invited_on__lt=oldest_invitation).update(last_invited_on=None)
    nothing_left = Q(last_visit_on=None, earlier_visit_on=None, last_invited_on=None)
    old = (
        Contacted.objects.filter(nothing_left),
        SeenEvent.objects.filter(decided_on__lt=today - max(EVENTS_KEPT, rules.oldest_event)),
        Invitation.objects.filter(expires_on__lt=today),
        OptOutAsked.objects.filter(at__lt=at - timedelta(days=1)),
        DecisionCount.objects.filter(day__lt=today - COUNTS_KEPT),
    )
    return deleted + sum(rows.delete()[0] for rows in old)


def _give_up_late(*, at: datetime) -> int:
    """Where no gateway is, or none answers for two weeks, the numbers go all the same."""
    limit = at - policy.rules_in_force().oldest_event
    with transaction.atomic():
        waiting = OutgoingSms.objects.filter(state=OutgoingSms.State.WAITING, occurred_at__lt=limit)
        late = list(waiting.select_for_update(skip_locked=True))
        for message in late:
            message.delete()
            counting.add({(message.unit_id, local_day(at), counting.TOO_LATE): 1})
    return len(late)
