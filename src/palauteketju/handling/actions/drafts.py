"""What a handler has begun to write: kept until it is sent, so that no answer is lost to an error or a colleague.

Nobody but its writer reads a draft, and it changes nothing in the case: so it leaves no trace in the trail.
"""

from datetime import datetime
from typing import Final

from palauteketju.handling.models import Case, Draft
from palauteketju.organisation.models import Person

# Far more than may be sent: a text that is too long is kept until it has been made shorter.
LONGEST_DRAFT: Final = 50_000


def save_draft(case: Case, text: str, *, kind: str, by: Person, at: datetime) -> bool:
    """Keep the text in place of what this person had before; whether all of it fitted.

    A closed case takes one too: its answer came too late.
    """
    text = text.replace("\0", "")
    known = kind if kind in {"clarification", "response"} else ""
    # One statement with its conflict resolved by the database: the same press twice is one draft.
    Draft.objects.bulk_create(
        [Draft(case=case, person=by, text=text[:LONGEST_DRAFT], kind=known, saved_at=at)],
        update_conflicts=True,
        unique_fields=["case", "person"],
        update_fields=["text", "kind", "saved_at"],
    )
    return len(text) <= LONGEST_DRAFT


def delete_draft(case: Case, *, by: Person) -> None:
    Draft.objects.filter(case=case, person=by).delete()
