"""What insight is given by the clock, and in which shape: counts of answers and approved quotes, never a row of a customer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

# Of times of recording, open at its start.
Window = tuple[datetime, datetime]


class Count(Protocol):
    """How many answers of one unit to one stream had one value.

    `k` and `public_k` are the largest least sizes that any of those who gave them was promised; 0 where nothing was.
    """

    @property
    def unit(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def k(self) -> int: ...
    @property
    def public_k(self) -> int: ...


class Counts(Protocol):
    """The answers recorded later than `after` and at the latest at `until`, each of them once."""

    def __call__(self, *, after: datetime, until: datetime) -> Iterable[Count]: ...


class ApprovedQuote(Protocol):
    """Words of a customer that a handler has masked and approved. `unit` is a code."""

    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...


class ApprovedQuotes(Protocol):
    """Where approved quotes come from: what is given or taken back is so once, in the caller's transaction."""

    def units_with_new_quotes(self) -> list[str]: ...
    def new_quotes(
        self, windows: Mapping[str, Sequence[Window]], *, at: datetime
    ) -> Sequence[ApprovedQuote]: ...
    def withdrawn_quotes(self) -> Sequence[ApprovedQuote]: ...
