"""What a prompt is about: a case, why it needs somebody, and the message that says so where there is one."""

from dataclasses import dataclass
from datetime import datetime

from palauteketju.handling.models import Case, Prompt


@dataclass(frozen=True, slots=True)
class Cause:
    case: Case
    kind: Prompt.Kind
    # The key of the message it is about.
    about: int | None = None

    @property
    def deadline(self) -> datetime | None:
        return self.case.due_at if self.kind in {Prompt.Kind.REMINDER, Prompt.Kind.OVERDUE} else None

    @property
    def mark(self) -> tuple[int, str, int | None, datetime | None]:
        """Of one mark each person and each channel is told once; in the order of MARK."""
        return self.case.pk, self.kind, self.about, self.deadline


MARK = ("case", "kind", "about", "deadline")
