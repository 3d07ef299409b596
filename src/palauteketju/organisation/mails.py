"""E-mail to staff and customers: one way out, whose errors name nobody."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from palauteketju.organisation.errors import MailNotSent

# The server ends the connection, for example after as many messages as it takes at a time.
_CLOSING: Final = 421


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
    except smtplib.SMTPException as error:
        raise _told(error) from None
    except OSError as error:
        raise MailNotSent(type(error).__name__) from None


def _told(error: smtplib.SMTPException) -> MailNotSent:
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        is_final, is_of_this = min(codes) >= 500, _CLOSING not in codes
        return MailNotSent(f"recipient refused {codes}", is_final=is_final, is_of_this=is_of_this)
    if isinstance(error, smtplib.SMTPDataError):
        # Some servers refuse a mailbox only after the message.
        is_final, is_of_this = error.smtp_code >= 500, error.smtp_code != _CLOSING
        return MailNotSent(f"{name} {error.smtp_code}", is_final=is_final, is_of_this=is_of_this)
    code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
    return MailNotSent(name + code)
