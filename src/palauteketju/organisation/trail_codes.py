"""What the codes in the trail's entries of this step mean."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palauteketju.audit.facts import CodeInWords
from palauteketju.organisation.models import Integration, Role

_COLUMNS: Final[dict[str, str | Promise]] = {
    "parent": _("What it belongs to"),
    "code": _("Code"),
    "kind": _("Kind"),
    "slug": _("Code in addresses"),
    "name_fi": _("Name in Finnish"),
    "name_sv": _("Name in Swedish"),
    "name_en": _("Name in English"),
    "oid": _("National identifier (OID)"),
    "sensitive": _("Whether it is sensitive"),
    "sms": _("Whether it sends surveys by text message"),
    "active_from": _("First day"),
    "active_to": _("Last day"),
}

CODES: Final[dict[str, CodeInWords]] = {
    "fields": _COLUMNS.get,
    "role": dict(Role.Kind.choices).get,
    "right": dict(Integration.Right.choices).get,
}
