"""Every change of sms: each function is one whole change."""

from palauteketju.sms.actions.accepting import Accepted, Rejection, accept_events
from palauteketju.sms.actions.forbidding import forbid_surveys
from palauteketju.sms.actions.imitating import imitate_visit
from palauteketju.sms.actions.sending import give_up_stale, send_due

__all__ = [
    "Accepted",
    "Rejection",
    "accept_events",
    "forbid_surveys",
    "give_up_stale",
    "imitate_visit",
    "send_due",
]
