"""All tables of handling, each file one subject."""

from palauteketju.handling.models.cases import (
    Case,
    CaseLink,
    CaseQuerySet,
    Draft,
    Message,
    Move,
    ReplyTemplate,
)
from palauteketju.handling.models.prompts import (
    ChatChannel,
    ChatPost,
    CustomerNotice,
    CustomerWay,
    Digest,
    FollowUp,
    Prompt,
    PromptSettings,
    RefusedMailbox,
)
from palauteketju.handling.models.quotes import Quote
from palauteketju.handling.models.times import AnswerTimes, CountingRules, DeadlineChange
from palauteketju.handling.models.triage import (
    OwnThemeWords,
    ThemeCorrection,
    Triage,
    UrgencyReview,
    UsedRules,
)

__all__ = [
    "AnswerTimes",
    "Case",
    "CaseLink",
    "CaseQuerySet",
    "ChatChannel",
    "ChatPost",
    "CountingRules",
    "CustomerNotice",
    "CustomerWay",
    "DeadlineChange",
    "Digest",
    "Draft",
    "FollowUp",
    "Message",
    "Move",
    "OwnThemeWords",
    "Prompt",
    "PromptSettings",
    "Quote",
    "RefusedMailbox",
    "ReplyTemplate",
    "ThemeCorrection",
    "Triage",
    "UrgencyReview",
    "UsedRules",
]
