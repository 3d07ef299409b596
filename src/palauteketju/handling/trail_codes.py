"""What the codes in the trail's entries of this step mean."""

from typing import Final

from palauteketju.audit.facts import CodeInWords
from palauteketju.handling.models import Case, ChatChannel, CustomerWay, Prompt, PromptSettings, Quote
from palauteketju.handling.triage.themes import LABELS

CODES: Final[dict[str, CodeInWords]] = {
    "road": dict(Case.Road.choices).get,
    "outcome": dict(Case.Outcome.choices).get,
    "handling.case.redirected to": dict(Case.FormalRoad.choices).get,
    "kind": dict(Prompt.Kind.choices).get,
    "handling.quote.approved kind": dict(Quote.Kind.choices).get,
    "way": dict(CustomerWay.choices).get,
    "format": dict(ChatChannel.Format.choices).get,
    "urgent": dict(PromptSettings.Urgent.choices).get,
    "others": dict(PromptSettings.Others.choices).get,
    "themes": LABELS.get,
}
