"""Every change of handling: each function is one whole change with its trace."""

from palauteketju.handling.actions.dialogue import (
    answer,
    ask_clarification,
    close_case,
    record_call,
    record_note,
    write_as_customer,
)
from palauteketju.handling.actions.opening import open_case, triage
from palauteketju.handling.actions.prompting import send_due_reminders, send_prompt, tell_customer
from palauteketju.handling.actions.reading import record_list_reading, record_reading, reveal_contact

__all__ = [
    "answer",
    "ask_clarification",
    "close_case",
    "open_case",
    "record_call",
    "record_list_reading",
    "record_note",
    "record_reading",
    "reveal_contact",
    "send_due_reminders",
    "send_prompt",
    "tell_customer",
    "triage",
    "write_as_customer",
]
