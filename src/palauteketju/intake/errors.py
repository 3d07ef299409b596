"""Why the front door refuses; each is said to the customer in plain words by the form or the API."""


class BadNonce(Exception):
    """The form's hidden mark is not ours, or is too old to be trusted; `reason` is "forged" or "expired"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
