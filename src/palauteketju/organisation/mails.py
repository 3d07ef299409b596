"""E-mail to staff and customers: one way out, whose errors name nobody."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from palauteketju.organisation.errors import MailNotSent


@contextmanager
def connection() -> Iterator[BaseEmailBackend]:
    """For several messages: it opens at the first one, and each further one costs half as much."""
    opened = get_connection()
    try:
        yield opened
    finally:
        # By now it is known of each message whether it went.
        with suppress(smtplib.SMTPException, OSError):
            opened.close()


def send(subject: str, body: str, *, to: str, mark: str, over: BaseEmailBackend | None = None) -> None:
    """Raises MailNotSent. `mark` is the same for each try of one message; without `over` it has a connection of its own."""
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname
    headers = {
        # The same id when a crash makes us send it again, so that mail programs can show it once.
        "Message-ID": f"<{mark}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        if over:
            over.open()
        EmailMessage(subject, body, to=[to], headers=headers, connection=over).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        raise MailNotSent(f"recipient refused {codes}", is_final=min(codes) >= 500) from None
    except smtplib.SMTPResponseException as error:
        # Some servers refuse a mailbox only after the message; other refusals are of us, not of the recipient.
        is_final = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
        raise MailNotSent(f"{type(error).__name__} {error.smtp_code}", is_final=is_final) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(type(error).__name__, is_final=False, was_answered=False) from None
