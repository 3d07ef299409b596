"""Every change of handling: each function is one whole change with its trace."""

from palauteketju.handling.actions.alarming import alarm_managers
from palauteketju.handling.actions.chatting import add_channel, close_channel, send_chat
from palauteketju.handling.actions.closing_many import close_many
from palauteketju.handling.actions.counting_times import count_answer_times
from palauteketju.handling.actions.dialogue import (
    answer,
    ask_clarification,
    close_case,
    record_call,
    record_note,
    write_as_customer,
)
from palauteketju.handling.actions.digests import announce_digests, send_digest
from palauteketju.handling.actions.drafts import delete_draft, save_draft
from palauteketju.handling.actions.extending import extend_deadline
from palauteketju.handling.actions.follow_up import ask_if_helped, send_follow_up, tell_if_helped
from palauteketju.handling.actions.hurrying import judge_message
from palauteketju.handling.actions.judging import (
    confirm_urgency,
    correct_themes,
    open_urgent_case,
    remove_urgency,
)
from palauteketju.handling.actions.mailing import send_prompts
from palauteketju.handling.actions.moving import (
    link_cases,
    move_case,
    moved_just_now,
    split_case,
    unlink_cases,
)
from palauteketju.handling.actions.opening import open_case, triage, triage_waiting
from palauteketju.handling.actions.own_settings import change_settings, mark_case_seen, mark_seen
from palauteketju.handling.actions.printing import record_printing
from palauteketju.handling.actions.quoting import (
    approve_quote,
    hand_over_quotes,
    take_back_quotes,
    withdraw_quote,
)
from palauteketju.handling.actions.reading import (
    record_list_reading,
    record_reading,
    record_search,
    reveal_contact,
)
from palauteketju.handling.actions.recounting import recount_deadlines
from palauteketju.handling.actions.redirecting import redirect_case
from palauteketju.handling.actions.reminding import send_due_reminders
from palauteketju.handling.actions.standing_in import mark_away, prompt_stand_ins
from palauteketju.handling.actions.sweeping import announce_lost
from palauteketju.handling.actions.telling import tell_customer

__all__ = [
    "add_channel",
    "alarm_managers",
    "announce_digests",
    "announce_lost",
    "answer",
    "approve_quote",
    "ask_clarification",
    "ask_if_helped",
    "change_settings",
    "close_case",
    "close_channel",
    "close_many",
    "confirm_urgency",
    "correct_themes",
    "count_answer_times",
    "delete_draft",
    "extend_deadline",
    "hand_over_quotes",
    "judge_message",
    "link_cases",
    "mark_away",
    "mark_case_seen",
    "mark_seen",
    "move_case",
    "moved_just_now",
    "open_case",
    "open_urgent_case",
    "prompt_stand_ins",
    "record_call",
    "record_list_reading",
    "record_note",
    "record_printing",
    "record_reading",
    "record_search",
    "recount_deadlines",
    "redirect_case",
    "remove_urgency",
    "reveal_contact",
    "save_draft",
    "send_chat",
    "send_digest",
    "send_due_reminders",
    "send_follow_up",
    "send_prompts",
    "split_case",
    "take_back_quotes",
    "tell_customer",
    "tell_if_helped",
    "triage",
    "triage_waiting",
    "unlink_cases",
    "withdraw_quote",
    "write_as_customer",
]
