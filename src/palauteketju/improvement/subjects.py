"""What a measure can be about: one question, the themes, or all feedback."""

from palauteketju.insight import handover as insight

_THEME = "theme:"


def choices() -> list[tuple[str, str]]:
    """For a form: "" is all feedback, then each statement, then each theme."""
    questions = [(stream, insight.short_name_of(stream)) for stream in insight.question_streams()]
    themes = [(f"{_THEME}{code}", insight.name_of_value("theme", code)) for code in insight.themes()]
    return [*questions, *themes]


def read(choice: str) -> tuple[str, str]:
    """The stream and the theme of a choice; at most one of them is given."""
    return ("", choice.removeprefix(_THEME)) if choice.startswith(_THEME) else (choice, "")


def written(stream: str, theme: str) -> str:
    """The choice of a stream and theme."""
    return f"{_THEME}{theme}" if theme else stream


def name_of(stream: str, theme: str) -> str:
    """In the active language; empty for all feedback."""
    if theme:
        return insight.name_of_value("theme", theme)
    return insight.short_name_of(stream) if stream else ""
