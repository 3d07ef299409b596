"""What the codes in the trail's entries of this step mean."""

from typing import Final

from palauteketju.audit.facts import CodeInWords
from palauteketju.intake.models import Feedback

CODES: Final[dict[str, CodeInWords]] = {"channel": dict(Feedback.Channel.choices).get}
