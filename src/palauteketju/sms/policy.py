"""The county's settings and units in the terms of the policy (`eligibility`), which knows no database."""

from datetime import timedelta
from typing import Literal

from palauteketju.organisation.deadlines import county_calendar
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules
from palauteketju.sms.eligibility import SmsRules, UnitFacts

_SEND_ON: dict[str, Literal["next_day", "next_working_day"]] = {
    "day": "next_day",
    "working_day": "next_working_day",
}


def rules_in_force() -> SmsRules:
    sms = county_rules().sms
    return SmsRules(
        minimum_age=sms.minimum_age,
        window_opens=sms.window_opens,
        window_closes=sms.window_closes,
        send_on=_SEND_ON[sms.send_on_next],
        days_between_messages=sms.days_between_surveys,
        days_between_visits=sms.days_between_visits,
        oldest_event=timedelta(days=sms.oldest_event_days),
        is_working_day=county_calendar().is_working_day,
    )


def facts_of(unit: Unit) -> UnitFacts:
    return UnitFacts(
        code=unit.code,
        name={"fi": unit.name_fi, "sv": unit.name_sv, "en": unit.name_en},
        sensitive=unit.sensitive,
        sms_on=unit.sms,
        active_from=unit.active_from,
        active_to=unit.active_to,
    )
