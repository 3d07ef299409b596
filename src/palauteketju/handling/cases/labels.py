"""The words people see for the codes of deadlines and urgency."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Holidays come from the calendar under their Finnish names, whatever the reader's language.
_HOLIDAYS: Final[dict[str, str | Promise]] = {
    "Uudenvuodenpäivä": _("New Year's Day"),
    "Loppiainen": _("Epiphany"),
    "Pitkäperjantai": _("Good Friday"),
    "Pääsiäispäivä": _("Easter Sunday"),
    "Toinen pääsiäispäivä": _("Easter Monday"),
    "Vappu": _("May Day"),
    "Helatorstai": _("Ascension Day"),
    "Helluntaipäivä": _("Whit Sunday"),
    "Juhannusaatto": _("Midsummer Eve"),
    "Juhannuspäivä": _("Midsummer Day"),
    "Pyhäinpäivä": _("All Saints' Day"),
    "Itsenäisyyspäivä": _("Independence Day"),
    "Jouluaatto": _("Christmas Eve"),
    "Joulupäivä": _("Christmas Day"),
    "Tapaninpäivä": _("St Stephen's Day"),
}

_LABELS: Final[dict[str, str | Promise]] = {
    # Deadlines: why a day counts or does not.
    "arrival_day": _("The feedback arrived. Counting starts the next day."),
    "working_day": _("A working day, it counts"),
    "calendar_day": _("Every day counts"),
    "last_day": _("The last day: the deadline is at its end"),
    "more_time": _("More time was given, every day counts"),
    "weekend": _("A weekend, it does not count"),
    "public_holiday": _("A public holiday, it does not count"),
    "county_day_off": _("The county's own day off, it does not count"),
    # Urgency: why a text may need somebody at once.
    "danger": _("Danger to life or safety"),
    "neglect": _("Neglect"),
    "violence": _("Violence"),
    "abuse": _("Abuse or mistreatment"),
    "self_harm": _("Suicide or self-harm"),
    "medication_error": _("Medication error"),
    "missing_care": _("Care or help did not come"),
    "discrimination": _("Discrimination"),
    "missing_person": _("A person went missing"),
    "threat": _("Threat"),
    "wording": _("The words are like those of urgent feedback"),
    "worry": _("Another person's care is spoken of, with nothing that reassures"),
    "customer_said": _("The customer said that this needs attention now"),
    "written_later": _("What the customer wrote later"),
    "rules_failed": _("The text could not be checked, so it counts as urgent"),
}


def label(code: str) -> str | Promise:
    """What `code` means to a person, in the reader's language; an unknown code as it is.

    A case may carry a code of an older rule file, and its page must open all the same.
    """
    return _LABELS.get(code, code)


def day_name(name_fi: str) -> str:
    """A holiday in the active language; the county's own day off under the name the county gave.

    Two holidays on one day come joined, as on 1.5.2008, and are told so.
    """
    return ", ".join(str(_HOLIDAYS.get(part, part)) for part in name_fi.split("; "))
