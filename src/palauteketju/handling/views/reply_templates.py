"""/vastauspohjat/: the texts answers begin from, by unit; whoever handles the unit writes them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from palauteketju.handling import access
from palauteketju.handling.actions import reply_templates as actions
from palauteketju.handling.errors import TemplateNameTaken
from palauteketju.handling.forms.cases import ReplyTemplateForm
from palauteketju.handling.models import ReplyTemplate
from palauteketju.organisation.access import units_of
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import text_is_kept
from palauteketju.organisation.models import Role, Unit


@for_staff(Role.Kind.HANDLER)
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    own = ReplyTemplate.objects.filter(unit__in=units_of(request.user, Role.Kind.HANDLER))
    listed = own.select_related("unit").order_by("unit__kind", "unit__code", "language", "name", "pk")
    return render(request, "handling/reply_templates.html", {"templates": listed})


@text_is_kept("text")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    units = _units(request)
    form = ReplyTemplateForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        try:
            actions.add_template(by=request.user, at=timezone.now(), **_given(form, units))
        except TemplateNameTaken:
            _say_taken(form)
        else:
            messages.success(request, _("The template is saved."))
            return redirect("handling:reply_templates")
    status = 422 if form.errors else 200
    return render(request, "handling/reply_template.html", {"form": form}, status=status)


@text_is_kept("text")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, template_id: int) -> HttpResponse:
    template = access.get_template_or_404(request.user, template_id)
    units = _units(request)
    if request.method == "POST" and request.POST.get("step") == "delete":
        actions.delete_template(template, by=request.user, at=timezone.now())
        messages.success(request, _("The template has been deleted."))
        return redirect("handling:reply_templates")
    now = {name: getattr(template, name) for name in ("language", "name", "text")}
    data = request.POST if request.method == "POST" else None
    form = ReplyTemplateForm(data, units=units, initial={**now, "unit": template.unit_id})
    if form.is_valid():
        try:
            actions.change_template(template, by=request.user, at=timezone.now(), **_given(form, units))
        except TemplateNameTaken:
            _say_taken(form)
        else:
            messages.success(request, _("The template is saved."))
            return redirect("handling:reply_templates")
    context = {"form": form, "template": template}
    return render(request, "handling/reply_template.html", context, status=422 if form.errors else 200)


def _units(request: StaffRequest) -> list[Unit]:
    return list(units_of(request.user, Role.Kind.HANDLER).in_order())


def _given(form: ReplyTemplateForm, units: list[Unit]) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    given["unit"] = next(unit for unit in units if unit.pk == given["unit"])
    return given


def _say_taken(form: ReplyTemplateForm) -> None:
    form.add_error("name", _("The unit has a template of this name already. Choose another name."))
