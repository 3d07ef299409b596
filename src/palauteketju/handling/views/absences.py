"""/poissaolot/: an administrator or a manager marks who is away, where they cannot do it themselves."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from palauteketju.handling import actions
from palauteketju.handling.forms.prompts import AbsenceForm
from palauteketju.handling.models import RefusedMailbox
from palauteketju.organisation.absences import KINDS, people_marked_by, remove_absence
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.errors import AbsenceRefused
from palauteketju.organisation.models import Absence, Person, Role

_ON_A_PAGE = 50
_MARKING = (Role.Kind.ADMINISTRATOR, Role.Kind.MANAGER)


@for_staff(*_MARKING)
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("haku", "")[:100].strip()
    away = Absence.objects.filter(
        person=OuterRef("pk"), first_day__lte=timezone.localdate(), last_day__gte=timezone.localdate()
    )
    found = people_marked_by(request.user).annotate(is_away=Exists(away))
    for word in words.split():
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    roles = Role.objects.filter(kind__in=KINDS).select_related("unit").order_by("kind", "unit__code")
    found = found.prefetch_related(Prefetch("absences", _to_come()), Prefetch("roles", roles))
    found = found.order_by("-is_away", "last_name", "first_name", "pk")
    pages = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("sivu"))
    refused = RefusedMailbox.objects.filter(person__in=[one.pk for one in pages])
    context = {
        "pages": pages,
        "words": words,
        "today": timezone.localdate(),
        "refused": set(refused.values_list("person", flat=True)),
        "here": "absences",
    }
    return render(request, "handling/absences.html", context)


@for_staff(*_MARKING)
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """One person's days away; a post marks more."""
    away = _person(request, person_id)
    posted = request.POST if request.method == "POST" else None
    form = AbsenceForm(posted, person=away, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.mark_away(away, **form.cleaned_data, by=request.user, at=timezone.now())
        except AbsenceRefused:
            form.add_error("first_day", _("Some of these days are marked already."))
        else:
            messages.success(request, _("The absence is saved."))
            return redirect("handling:absence_of", away.pk)
    context = {
        "person": away,
        "form": form,
        "absences": _to_come().filter(person=away),
        "roles": away.roles.filter(kind__in=KINDS).select_related("unit").order_by("kind", "unit__code"),
        "here": "absences",
    }
    return render(request, "handling/absence_of.html", context, status=422 if form.errors else 200)


@for_staff(*_MARKING)
@require_http_methods(["GET", "POST"])
def remove(request: StaffRequest, person_id: int, absence_id: int) -> HttpResponse:
    away = _person(request, person_id)
    if request.method == "POST":
        absence = get_object_or_404(Absence, pk=absence_id, person=away)
        remove_absence(absence, by=request.user, at=timezone.now())
        messages.success(request, _("The absence is removed. The person is prompted again on those days."))
    return redirect("handling:absence_of", away.pk)


def _person(request: StaffRequest, person_id: int) -> Person:
    return get_object_or_404(people_marked_by(request.user), pk=person_id)


def _to_come() -> QuerySet[Absence]:
    return Absence.objects.filter(last_day__gte=timezone.localdate()).select_related("substitute")
