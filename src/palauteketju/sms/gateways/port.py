"""What every gateway does, and the three ways in which it may fail."""

from typing import NamedTuple, Protocol


class Sent(NamedTuple):
    """The gateway has the message. Its own id of it is for tracing a call only: it is not kept (see `models`)."""

    message_id: str


class _Failure(Exception):
    """`why` is a code of ours or a status, never a number or a text: it goes to the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TemporaryFailure(_Failure):
    """Surely not sent; the same message may be sent later."""


class PermanentFailure(_Failure):
    """Surely not sent, and never will be to this number."""


class UnknownOutcome(_Failure):
    """It may have been sent: sending again could send it twice."""


class Gateway(Protocol):
    def send(self, phone: str, text: str, *, sender: str) -> Sent:
        """Hand over one message to a number such as +358401234567. Raises one of the three failures."""
