"""What every page shows around its content: the county's look, the languages, and the staff's way around."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from palauteketju.handling.handover import open_case_count, unseen_prompt_count
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.models import Role
from palauteketju.project import assets


def look(request: HttpRequest) -> dict[str, Any]:
    return {
        "brand": county_brand(),
        "stylesheets": assets.addresses("css"),
        "scripts": assets.addresses("js"),
        "languages": _languages(request),
        # Lazy: a customer's page must not touch the session.
        "page": SimpleLazyObject(lambda: _around(request)),
    }


def _languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The same page in each language; what else the address asks for is kept."""
    query = {name: value for name, value in request.GET.items() if name != "kieli"}
    return [(code, name, f"?{urlencode({**query, 'kieli': code})}") for code, name in settings.LANGUAGES]


def _around(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not user.is_authenticated:
        return {}
    held = list(Role.objects.filter(person=user).select_related("unit"))
    roles = {role.kind for role in held}
    entries: list[tuple[str, str, int | None]] = []
    if roles & {"handler", "manager"}:
        entries.append(("handling:worklist", _("Worklist"), open_case_count(user)))
        entries.append(("handling:prompts", _("Prompts"), unseen_prompt_count(user)))
    if "member" in roles and "handler" not in roles:
        # A handler finds this on the worklist.
        entries.append(("intake:choose_unit", _("Write down feedback"), None))
    if roles & {"handler", "member", "manager", "communications"}:
        entries += [
            ("insight:reports", _("Reports"), None),
            ("improvement:measures", _("Measures"), None),
            ("publishing:materials", _("Materials"), None),
        ]
    if roles & {"administrator", "privacy_officer"}:
        entries.append(("organisation:administration", _("Administration"), None))
    return {
        "place": held[0].unit.name if len(held) == 1 else "",
        "role": held[0].get_kind_display() if len(held) == 1 else "",
        "nav": [
            {
                "label": label,
                "url": reverse(name),
                "current": request.path.startswith(reverse(name)),
                "count": count,
            }
            for name, label, count in entries
        ],
        "account_url": reverse("organisation:change_password"),
        "settings_url": reverse("handling:own_settings") if roles & {"handler", "manager"} else "",
        "logout_url": reverse("organisation:sign_out"),
    }
