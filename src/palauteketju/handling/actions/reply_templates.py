"""The units' reply templates: whoever handles the unit writes them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from palauteketju.audit import log
from palauteketju.handling.errors import TemplateNameTaken
from palauteketju.handling.models import ReplyTemplate
from palauteketju.organisation.models import Person, Unit


def add_template(
    unit: Unit, *, language: str, name: str, text: str, by: Person, at: datetime
) -> ReplyTemplate:
    """Raises TemplateNameTaken."""
    template = ReplyTemplate(unit=unit, language=language, name=name, text=text)
    _save(template, "handling.reply_template.added", by=by, at=at)
    return template


def change_template(
    template: ReplyTemplate, *, unit: Unit, language: str, name: str, text: str, by: Person, at: datetime
) -> None:
    """What has been sent stays as it was. Raises TemplateNameTaken."""
    template.unit, template.language, template.name, template.text = unit, language, name, text
    _save(template, "handling.reply_template.changed", by=by, at=at)


def delete_template(template: ReplyTemplate, *, by: Person, at: datetime) -> None:
    with transaction.atomic():
        # The trace needs the number, which a deleted row of Django no longer has.
        ReplyTemplate.objects.filter(pk=template.pk).delete()
        log.record("handling.reply_template.deleted", by=by, subject=template, at=at)


def _save(template: ReplyTemplate, action: str, *, by: Person, at: datetime) -> None:
    try:
        with transaction.atomic():
            template.save()
            log.record(action, by=by, subject=template, at=at, facts={"unit": template.unit_id})
    except IntegrityError:
        raise TemplateNameTaken from None
