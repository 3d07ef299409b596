"""What insight forgets, and when."""

from datetime import datetime, timedelta
from typing import Final

from palauteketju.insight.models import ReportMail
from palauteketju.insight.periods import HELSINKI, week_of

# The rows keep an e-mail from being sent twice in its own week; a little longer shows who got which.
REPORT_MAILS_KEPT_FOR: Final = timedelta(weeks=5)


def delete_report_mails(*, at: datetime) -> int:
    """Delete what is known of the e-mails with the links to reports of more than five weeks ago; returns how many there were.

    One that could not be sent until then never is.
    """
    monday = week_of(at.astimezone(HELSINKI).date()).first
    gone, _by_model = ReportMail.objects.filter(week__lt=monday - REPORT_MAILS_KEPT_FOR).delete()
    return gone
