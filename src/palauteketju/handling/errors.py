"""Why a change to a case was refused; each is said to the person in plain words by the page."""


class CaseAlreadyClosed(Exception):
    """Somebody closed the case first: what was written now changed nothing."""


class CaseAlreadyAnswered(Exception):
    """The first answer stands, and this one was not sent."""


class NothingRecorded(Exception):
    """The case cannot close before somebody has written down what was done."""


class OutcomeNotOffered(Exception):
    """The outcome does not suit the case, such as "acted" where an answer was promised."""


class MessageNotExpected(Exception):
    """The customer has already written what one can write before the unit says something."""


class MailNotSent(Exception):
    """The mail server did not take the message. `is_final`: trying the same again cannot help.

    Made anew from the error of smtplib, whose words name the recipient and would reach the log.
    """

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final
