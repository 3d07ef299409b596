"""What can be wrong with a question set."""


class BadQuestionSet(Exception):
    """A definition file cannot be used; the message names the file and what is wrong with it."""


class UnknownQuestionSet(LookupError):
    """No definition has this id and version."""


class WordingChanged(Exception):
    """A definition was edited after answers could have been given to it: a changed wording is a new version."""
