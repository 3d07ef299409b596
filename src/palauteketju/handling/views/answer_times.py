"""/kasittelyajat/: how long customers wait, in groups; to handlers and managers also which cases are late."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from palauteketju.handling import proof
from palauteketju.handling.cases.day_lists import months_in_words
from palauteketju.handling.models import AnswerTimes
from palauteketju.handling.proof import LateCase, Times
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.models import Role, Unit
from palauteketju.organisation.rules import county_rules

_MONTHS = 12
_HOURS_TOLD_UP_TO = 48


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER, Role.Kind.COMMUNICATIONS)
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    scopes = proof.units_open_to(request.user)
    asked = request.GET.get("yksikko", "")
    scope = next((one for one in scopes if one.slug == asked), scopes[0] if scopes else None)
    last = timezone.localdate(at)
    first = date(last.year - 1, last.month, 1)
    groups = _groups(scope, first) if scope else []
    sees_cases = bool(request.roles & {Role.Kind.HANDLER, Role.Kind.MANAGER})
    names = {unit.pk: unit.name for unit in scopes}
    return render(
        request,
        "handling/answer_times.html",
        {
            "scopes": scopes,
            "scope": scope,
            "total": _in_words(proof.times_of(groups)),
            "covered": _covered(scope, groups) if scope else "",
            "months": _by_month(groups),
            "units": _by_unit(groups) if scope and scope.kind != Unit.Kind.UNIT else [],
            "sees_cases": sees_cases,
            "late": [_late_row(one, names) for one in proof.late_cases(request.user, at=at)]
            if sees_cases
            else [],
            "k": county_rules().anonymity.k,
        },
    )


def _groups(scope: Unit, first: date) -> list[AnswerTimes]:
    groups = proof.groups_of(scope).filter(last_month__gte=first)
    return list(groups.select_related("unit").order_by("last_month", "unit__code"))


def _covered(scope: Unit, groups: list[AnswerTimes]) -> str:
    """How many of an area's or a county's units the figures are of; nothing where they are of all."""
    units = Unit.objects.below(scope).giving_service().count()
    counted = len({group.unit_id for group in groups})
    if counted >= units:
        return ""
    words = _(
        "These are the figures of %(counted)s of %(units)s units; the others have had too few cases so far."
    )
    return words % {"units": units, "counted": counted}


def _by_month(groups: list[AnswerTimes]) -> list[dict[str, str]]:
    """The groups closed for each month, the newest month first."""
    months = sorted({group.last_month for group in groups}, reverse=True)[:_MONTHS]
    return [_in_words(proof.times_of(one for one in groups if one.last_month == month)) for month in months]


def _by_unit(groups: list[AnswerTimes]) -> list[dict[str, str]]:
    """Each unit in the order of codes, never of figures: this is no league table."""
    units = {group.unit_id: group.unit for group in sorted(groups, key=lambda one: one.unit.code)}
    return [
        {"unit": unit.name, **_in_words(proof.times_of(one for one in groups if one.unit_id == pk))}
        for pk, unit in units.items()
    ]


def _in_words(times: Times | None) -> dict[str, str]:
    if times is None:
        return {}
    return {
        "period": months_in_words(times.first_month, times.last_month),
        "cases": ngettext("%(count)s case", "%(count)s cases", times.cases)
        % {"count": formats.number_format(times.cases, force_grouping=True)},
        "share": _("%(number)s%%") % {"number": round(100 * times.share_in_time)},
        "reaction": _time(times.reaction_median),
        "reaction_most": _time(times.reaction_most),
        "response": _time(times.response_median),
        "response_most": _time(times.response_most),
    }


def _time(hours: int | None) -> str:
    if hours is None:
        return _("not yet known")
    if hours < _HOURS_TOLD_UP_TO:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = formats.number_format(hours / 24, decimal_pos=0 if hours > 240 else 1)
    return _("%(count)s days") % {"count": days}


def _late_row(late: LateCase, names: dict[int, str]) -> dict[str, Any]:
    due, end = (
        timezone.localdate(late.due),
        timezone.localdate(late.ended) if late.ended else timezone.localdate(),
    )
    days = (end - due).days
    return {
        "number": late.number,
        "unit": names.get(late.unit, ""),
        "due": day_in_words(due),
        "late": ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days},
        "is_waiting": late.ended is None,
        "ended": day_in_words(end) if late.ended else "",
    }
