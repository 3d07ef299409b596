"""Administration: units, people with their roles, other systems, and the audit trail. No feedback is read here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from palauteketju.audit.models import Entry
from palauteketju.organisation import access, actions
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.errors import OwnRoles
from palauteketju.organisation.forms import IntegrationForm, PersonForm, RoleForm
from palauteketju.organisation.models import Integration, Person, Role, Unit, UnitQuerySet
from palauteketju.organisation.trail import told

_ON_A_PAGE = 50


def _units(request: StaffRequest) -> UnitQuerySet:
    return access.units_of(request.user, Role.Kind.ADMINISTRATOR)


@for_staff(Role.Kind.ADMINISTRATOR, Role.Kind.PRIVACY_OFFICER)
@require_safe
def units(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("haku", "")[:100].strip()
    found = access.units_of(request.user, Role.Kind.ADMINISTRATOR, Role.Kind.PRIVACY_OFFICER).in_order()
    for word in words.split():
        found = found.filter(
            Q(name_fi__icontains=word)
            | Q(name_sv__icontains=word)
            | Q(name_en__icontains=word)
            | Q(code__icontains=word)
        )
    pages = Paginator(found.select_related("parent"), _ON_A_PAGE).get_page(request.GET.get("sivu"))
    today = timezone.localdate()
    rows = [(unit, unit.is_open_on(today)) for unit in pages]
    return render(
        request, "organisation/units.html", {"pages": pages, "rows": rows, "words": words, "here": "units"}
    )


@for_staff(Role.Kind.ADMINISTRATOR, Role.Kind.PRIVACY_OFFICER)
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("haku", "")[:100].strip()
    found = Person.objects.order_by("last_name", "first_name", "pk").prefetch_related("roles__unit")
    for word in words.split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
        )
    pages = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("sivu"))
    return render(request, "organisation/people.html", {"pages": pages, "words": words, "here": "people"})


@for_staff(Role.Kind.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def add_person(request: StaffRequest) -> HttpResponse:
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        password = actions.new_password()
        person = actions.add_person(
            **form.cleaned_data,
            password=password,
            password_is_issued=True,
            by=request.user,
            at=timezone.now(),
        )
        return _password_shown(request, person, password)
    context = {"form": form, "here": "people"}
    return render(request, "organisation/add_person.html", context, status=422 if form.errors else 200)


@for_staff(Role.Kind.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """A person's roles; a post gives one more."""
    found = get_object_or_404(Person, pk=person_id)
    form = RoleForm(request.POST if request.method == "POST" else None, units=_units(request))
    if form.is_valid():
        kind = Role.Kind(form.cleaned_data["kind"])
        try:
            actions.give_role(found, kind, form.cleaned_data["unit"], by=request.user, at=timezone.now())
        except OwnRoles:
            form.add_error(None, _("Your own roles are changed by another administrator."))
        else:
            messages.success(request, _("The role was given."))
            return redirect("organisation:person", found.pk)
    roles = found.roles.select_related("unit").order_by("kind", "unit__code")
    context = {
        "person": found,
        "roles": roles,
        "mine": set(_units(request).values_list("pk", flat=True)),
        "form": form,
    }
    return render(
        request, "organisation/person.html", context | {"here": "people"}, status=422 if form.errors else 200
    )


@for_staff(Role.Kind.ADMINISTRATOR)
@require_POST
def take_role(request: StaffRequest, role_id: int) -> HttpResponse:
    role = get_object_or_404(
        Role.objects.select_related("unit", "person"), pk=role_id, unit__in=_units(request)
    )
    try:
        actions.take_role(role, by=request.user, at=timezone.now())
    except OwnRoles:
        messages.error(request, _("Your own roles are changed by another administrator."))
    else:
        messages.success(request, _("The role was taken away."))
    return redirect("organisation:person", role.person_id)


@for_staff(Role.Kind.ADMINISTRATOR)
@require_POST
def change_account(request: StaffRequest, person_id: int) -> HttpResponse:
    """Close or reopen the account, or give it a new password: of somebody whose roles are all in one's own units."""
    found = get_object_or_404(Person.objects.exclude(roles__unit__in=_elsewhere(request)), pk=person_id)
    wanted = request.POST.get("do")
    at = timezone.now()
    try:
        if wanted == "password":
            return _password_shown(request, found, actions.reset_password(found, by=request.user, at=at))
        if wanted == "close":
            actions.close_account(found, by=request.user, at=at)
            messages.success(request, _("The account is closed."))
        elif wanted == "reopen":
            actions.reopen_account(found, by=request.user, at=at)
            messages.success(request, _("The account is open again."))
    except OwnRoles:
        messages.error(request, _("Your own account is closed by another administrator."))
    return redirect("organisation:person", found.pk)


def _elsewhere(request: StaffRequest) -> UnitQuerySet:
    """The units that are not the administrator's: whoever works there too is another administrator's matter."""
    return Unit.objects.exclude(pk__in=_units(request))


def _password_shown(request: StaffRequest, person: Person, password: str) -> HttpResponse:
    context = {"person": person, "password": password, "here": "people"}
    return render(request, "organisation/password_shown.html", context)


@for_staff(Role.Kind.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def integrations(request: StaffRequest) -> HttpResponse:
    """The other systems; a post adds one and shows its key, this once."""
    form = IntegrationForm(request.POST if request.method == "POST" else None, units=_units(request))
    context = {"here": "integrations"}
    if form.is_valid():
        given = form.cleaned_data
        right = Integration.Right(given["right"])
        integration, key = actions.add_integration(
            given["name"], right=right, unit=given["unit"], by=request.user, at=timezone.now()
        )
        return render(
            request, "organisation/key_shown.html", context | {"integration": integration, "key": key}
        )
    systems = (
        Integration.objects.filter(unit__in=_units(request))
        .select_related("unit")
        .order_by("revoked_at", "name")
    )
    status = 422 if form.errors else 200
    return render(
        request, "organisation/integrations.html", context | {"systems": systems, "form": form}, status=status
    )


@for_staff(Role.Kind.ADMINISTRATOR)
@require_POST
def revoke_integration(request: StaffRequest, integration_id: int) -> HttpResponse:
    integration = get_object_or_404(Integration, pk=integration_id, unit__in=_units(request))
    actions.revoke_integration(integration, by=request.user, at=timezone.now())
    messages.success(request, _("The key no longer opens anything."))
    return redirect("organisation:integrations")


@for_staff(Role.Kind.PRIVACY_OFFICER)
@require_safe
def trail(request: StaffRequest) -> HttpResponse:
    """The audit trail, newest first, of all or of one person's doings."""
    entries = Entry.objects.select_related("actor").order_by("-number")
    actor, before = request.GET.get("henkilo", ""), request.GET.get("ennen", "")
    if actor.isdecimal() and len(actor) < 19:
        entries = entries.filter(actor_id=int(actor))
    # By number and not by page: the trail grows without end, and counting it would take longer each year.
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(number__lt=int(before))
    shown = list(entries[: _ON_A_PAGE + 1])
    context = {
        "entries": told(shown[:_ON_A_PAGE]),
        "older": shown[_ON_A_PAGE - 1].number if len(shown) > _ON_A_PAGE else None,
        "is_newest": not before,
        "actor": actor,
        "people": Person.objects.order_by("last_name", "first_name", "pk"),
        "here": "trail",
    }
    return render(request, "organisation/trail.html", context)
