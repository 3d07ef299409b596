"""Why a change to the organisation is refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BadRow:
    """One bad row of a file: `line` as a text editor counts them, from 1 with the header."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class OrganisationFileRefused(Exception):
    """The file changed nothing; `rows` says why, row by row."""

    def __init__(self, rows: list[BadRow]) -> None:
        super().__init__("\n".join(str(row) for row in rows))
        self.rows = rows


class OwnRoles(Exception):
    """Nobody changes the own roles: another administrator must."""


class WeakPassword(Exception):
    """The new password is too easy to guess; `reasons` are in the person's language."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class AbsenceRefused(Exception):
    """The absence overlaps another of the same person, is years away, or the substitute shares no role with them."""


class MailNotSent(Exception):
    """The mail server did not take the message. `is_final`: this mailbox or message was refused for good, not just now.

    `is_of_this`: the next message may go all the same. Trouble of the server itself, such as a wrong password of ours, is
    neither. Made anew from the error of smtplib, whose words name the recipient and would reach the log.
    """

    def __init__(self, reason: str, *, is_final: bool = False, is_of_this: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.is_of_this = is_of_this
