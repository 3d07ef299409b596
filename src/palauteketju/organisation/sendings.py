"""What goes out by mail or to a chat: each row is sent once, or it shows that it has not been.

A worker claims a row before it sends and clears the claim when it knows the outcome, so that two workers never send the
same. A claim of a worker that died runs out. What no job has any more is found by the sweeps, which ask `without_job`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.apps import apps
from django.db import models
from django.db.models import BigIntegerField, Count, F, Min, Q
from django.db.models.functions import Cast
from django.utils.functional import Promise
from procrastinate.contrib.django.models import ProcrastinateJob

# Longer than a mail server may take to answer; a dead worker's jobs go to another after the same time.
CLAIM: Final = timedelta(minutes=2)
LONGEST_REASON: Final = 60
_ALIVE: Final = ("todo", "doing")


class Sending(models.Model):
    """`sent_at` and `dropped_at` exclude each other: what is dropped was no longer needed, or has a `failure` and was given up."""

    # What the administrator calls them; those of one name are shown as one.
    NAME: ClassVar[str | Promise]
    # The column that says when one should go.
    DUE: ClassVar[str] = "at"

    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    failed_at = models.DateTimeField(null=True)
    # A code or the name of an error, never an address or a word of a customer.
    failure = models.CharField(max_length=LONGEST_REASON, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, pk: int, *, at: datetime, **only: bool | str) -> bool:
        """Whether it is this caller's to send now; `only` names what else must hold of the row."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - CLAIM)
        # _default_manager: the abstract class has no `objects` of its own.
        waiting = cls._default_manager.filter(free, pk=pk, **WAITING, **only)
        return bool(waiting.update(claimed_at=at))

    @classmethod
    def due(cls, *, at: datetime) -> models.QuerySet[Any]:
        """Those that should have gone by `at` and have not."""
        return cls._default_manager.filter(**{f"{cls.DUE}__lte": at}, **WAITING)

    @classmethod
    def settle(cls, pk: int, *, sent_at: datetime | None = None, dropped_at: datetime | None = None) -> None:
        """It was sent, or nobody needs it any more."""
        cls._default_manager.filter(pk=pk, **WAITING).update(
            sent_at=sent_at, dropped_at=dropped_at, claimed_at=None
        )

    @classmethod
    def give_up(cls, pk: int, reason: str, *, at: datetime) -> None:
        """It has not gone, or nobody knows whether it has, and it is not tried again."""
        cls._default_manager.filter(pk=pk, **WAITING).update(
            dropped_at=at, claimed_at=None, failed_at=at, failure=reason[:LONGEST_REASON]
        )

    @classmethod
    def note_failure(cls, pk: int, reason: str, *, at: datetime) -> None:
        """It waits for its next try; the administrator sees since when and why."""
        cls._default_manager.filter(pk=pk).update(
            claimed_at=None, tries=F("tries") + 1, failed_at=at, failure=reason[:LONGEST_REASON]
        )


WAITING: Final = {"sent_at__isnull": True, "dropped_at__isnull": True}


@dataclass(frozen=True)
class Unsent:
    """What should have gone out and has not: how many, since when, and why the last try failed."""

    name: str
    n: int = 0
    since: datetime | None = None
    failure: str = ""
    failed_at: datetime | None = None


def unsent(*, at: datetime) -> list[Unsent]:
    """Of everything that any step sends, whether or not something of it waits."""
    found: dict[str, Unsent] = {}
    for model in apps.get_models():
        if issubclass(model, Sending):
            name = str(model.NAME)
            found[name] = _together(found.get(name, Unsent(name)), _unsent_of(model, at=at))
    return list(found.values())


def _unsent_of(model: type[Sending], *, at: datetime) -> Unsent:
    rows = model.due(at=at)
    counted = rows.aggregate(n=Count("pk"), since=Min(model.DUE))
    failed = rows.filter(failed_at__isnull=False).order_by("-failed_at") if counted["n"] else rows.none()
    failure, failed_at = failed.values_list("failure", "failed_at").first() or ("", None)
    return Unsent(str(model.NAME), counted["n"], counted["since"], failure, failed_at)


def _together(one: Unsent, other: Unsent) -> Unsent:
    since = min((each.since for each in (one, other) if each.since), default=None)
    is_later = other.failed_at and (not one.failed_at or other.failed_at > one.failed_at)
    last = other if is_later else one
    return Unsent(one.name, one.n + other.n, since, last.failure, last.failed_at)


def without_job(rows: models.QuerySet[Any], *, job: str, argument: str) -> models.QuerySet[Any]:
    """Those of the rows that no job has any more; one that waits for its next try is a job.

    `argument` is the job's argument that carries the row's key, or a list of keys.
    """
    keys = models.Func(
        "args",
        models.Value(f"$.{argument}[*]"),
        function="jsonb_path_query",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=models.JSONField(),
    )
    alive = ProcrastinateJob.objects.filter(task_name=job, status__in=_ALIVE)
    return rows.exclude(pk__in=alive.values_list(Cast(keys, BigIntegerField())))
