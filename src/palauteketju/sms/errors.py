"""Why sms refuses."""


class NoticeNotSent(Exception):
    """The message did not go out; the words are a code, never a number or a text.

    `is_final`: it must not be tried again, because the number is refused or the message may have gone after all.
    """

    def __init__(self, why: str, *, is_final: bool) -> None:
        super().__init__(why)
        self.is_final = is_final


class TooManyAtOnce(Exception):
    """So many numbers were forbidden just now that a program must be doing it; a person can try again in a while."""
