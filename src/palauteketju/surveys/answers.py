"""Whether answers fit their question set: one rule for the form, the API, keyed-in paper and text messages."""

from collections.abc import Iterable, Mapping
from typing import Any

from palauteketju.surveys.library import Question, QuestionSet

# The codes of what can be wrong; each front door says them in the user's words.
MISSING, NOT_A_CHOICE, UNKNOWN_QUESTION = "missing", "not_a_choice", "unknown_question"


def check(
    raw: Mapping[str, Any],
    *,
    question_set: QuestionSet,
    asked: Iterable[Question] | None = None,
    all_required: bool = True,
) -> tuple[dict[str, str], dict[str, str]]:
    """The answers as they are stored, and what is wrong by question id.

    `asked` limits the questions to those the form showed. Keyed-in paper may leave a required question empty
    (`all_required=False`): the customer is no longer there to ask. Numbers and their texts mean the same.
    """
    questions = {question.id: question for question in (asked or question_set.questions)}
    answers: dict[str, str] = {}
    errors = {str(name): UNKNOWN_QUESTION for name in raw if name not in questions}
    for name, question in questions.items():
        value = raw.get(name)
        if value is None or value == "":
            if question.required and all_required:
                errors[name] = MISSING
        elif isinstance(value, bool) or not isinstance(value, int | str) or str(value) not in question.values:
            errors[name] = NOT_A_CHOICE
        else:
            answers[name] = str(value)
    return answers, errors
