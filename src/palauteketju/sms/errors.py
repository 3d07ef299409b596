"""Why sms refuses."""


class TooManyAtOnce(Exception):
    """So many numbers were forbidden just now that a program must be doing it; a person can try again in a while."""
