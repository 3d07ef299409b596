"""E-mail to staff and customers: one way out, whose errors name nobody."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from palauteketju.organisation.errors import MailNotSent


def send(subject: str, body: str, *, to: str, mark: str) -> None:
    """Raises MailNotSent. `mark` is the same for each try of one message."""
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname
    headers = {
        # The same id when a crash makes us send it again, so that mail programs can show it once.
        "Message-ID": f"<{mark}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        EmailMessage(subject, body, to=[to], headers=headers).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        raise MailNotSent(f"recipient refused {codes}", is_final=min(codes) >= 500) from None
    except smtplib.SMTPResponseException as error:
        # Some servers refuse a mailbox only after the message; other refusals are of us, not of the recipient.
        is_final = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
        raise MailNotSent(f"{type(error).__name__} {error.smtp_code}", is_final=is_final) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(type(error).__name__, is_final=False) from None
