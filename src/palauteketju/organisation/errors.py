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
