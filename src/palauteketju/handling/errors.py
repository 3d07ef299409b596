"""Why a change to a case was refused; each is said to the person in plain words by the page."""


class CaseAlreadyClosed(Exception):
    """Somebody closed the case first: what was written now changed nothing."""


class CaseAlreadyAnswered(Exception):
    """The first answer stands, and this one was not sent."""


class CustomerWroteMeanwhile(Exception):
    """The customer has written since the person last opened the case: first it is read, then answered or closed."""


class NothingRecorded(Exception):
    """The case cannot close before somebody has written down what was done."""


class OutcomeNotOffered(Exception):
    """The outcome does not suit the case, such as "acted" where an answer was promised."""


class MessageNotExpected(Exception):
    """The customer has already written what one can write before the unit says something."""


class TemplateNameTaken(Exception):
    """The unit has a reply template of that name in that language already."""


class ChatNotSent(Exception):
    """The chat did not take the message; the reason names neither the secret address nor the unit."""


class NotAsked(Exception):
    """The customer was not answered, or so lately that nobody has asked yet whether it helped."""


class AddressNotAllowed(Exception):
    """A webhook's address must be https, without a password, and lead out to the internet."""


class DayNotAllowed(Exception):
    """An extension ends later than the deadline and today, and at most `extending.LONGEST_EXTENSION` later."""


class NoDeadline(Exception):
    """Nobody was promised anything, so there is nothing to extend."""


class CannotGoThere(Exception):
    """A case goes to another unit that serves customers today, and to no other."""


class CannotLink(Exception):
    """A case is linked with another case that the same person handles, and only once."""


class QuoteAlreadyChosen(Exception):
    """A quote of the feedback stands already: only when it is withdrawn another can be chosen."""


class WordRulesChanged(Exception):
    """A version of urgency rules or theme words says something else now than when it was taken into use."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The rules {name} have changed after they were taken into use. "
            "Put the old file back or give the changed one the next version number."
        )


class WordsChangedMeanwhile(Exception):
    """Somebody saved other theme words first: these were not saved."""


class NothingToJudge(Exception):
    """The case already is, or is not, what the handler now says of its urgency."""


class UnknownTheme(Exception):
    """A theme that is not counted."""
