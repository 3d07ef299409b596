"""Logs that cannot repeat what people wrote.

A database error quotes the row it refused ("Failing row contains (…)"), and a decoding error the bytes. So a log
line of an exception gives its type and where it happened, never its message. And a survey's address is as good as its
key, so a line about it does not tell which one it was.
"""

import logging
import re
import traceback
from types import TracebackType

_SURVEY = re.compile(r"/v/[^/\s]+")


class WordlessFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _SURVEY.sub("/v/…", super().format(record))

    def formatException(  # noqa: N802 - the name logging calls
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, error, _ = ei
        if kind is None or error is None:
            return ""
        parts = []
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(
                f"{type(error).__module__}.{type(error).__qualname__} (its message is not logged)\n{frames}"
            )
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "caused by ".join(parts).rstrip()
