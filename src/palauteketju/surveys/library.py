"""Question sets: versioned definition files, read once. Each language's wording is part of the version."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from palauteketju.surveys.errors import BadQuestionSet, UnknownQuestionSet

LANGUAGES = ("fi", "sv", "en")
RECOMMENDATION_VALUES = tuple(str(number) for number in range(11))
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    value: str
    text: Texts


@dataclass(frozen=True)
class Question:
    """`kind` is "recommendation" (0-10, `low` and `high` name its ends) or "statement" (the set's scale)."""

    id: str
    kind: str
    text: Texts
    required: bool
    drafts: frozenset[str]
    theme: Texts
    low: Texts
    high: Texts
    values: tuple[str, ...]


@dataclass(frozen=True)
class QuestionSet:
    """`name` is what streams and the API call it, e.g. "thl-2"."""

    name: str
    title: Texts
    questions: tuple[Question, ...]
    scale: tuple[Choice, ...]
    # Languages in which the scale's wording is our own draft.
    scale_drafts: frozenset[str]
    # Over the definition's meaning, not its layout: comments may be mended, wordings may not.
    digest: str

    def question(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)

    def stream(self, question: Question) -> str:
        return f"{self.name}/{question.id}"

    def only(self, question_ids: Iterable[str]) -> tuple[Question, ...]:
        """Some of the questions, in the set's own order."""
        wanted = set(question_ids)
        return tuple(question for question in self.questions if question.id in wanted)


@cache
def question_sets() -> Mapping[str, QuestionSet]:
    """All definitions the program ships, by name."""
    files = sorted(Path(__file__).with_name("definitions").glob("*.toml"))
    return {definition.name: definition for definition in map(read, files)}


def question_set(name: str) -> QuestionSet:
    """Raises UnknownQuestionSet."""
    try:
        return question_sets()[name]
    except KeyError:
        raise UnknownQuestionSet(name) from None


def read(file: Path) -> QuestionSet:
    """Raises BadQuestionSet, naming the file and the first thing that is wrong."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        digest = hashlib.sha256(repr(_ordered(raw)).encode()).hexdigest()
        scale = tuple(Choice(choice["value"], _texts(choice["text"])) for choice in raw["scale"])
        questions = tuple(_question(entry, scale) for entry in raw["questions"])
        definition = QuestionSet(
            name=f"{raw['id']}-{raw['version']}",
            title=_texts(raw["name"]),
            questions=questions,
            scale=scale,
            scale_drafts=frozenset(raw.get("scale_drafts", {}).get("languages", ())),
            digest=digest,
        )
    except (KeyError, TypeError, ValueError, tomllib.TOMLDecodeError) as error:
        raise BadQuestionSet(f"{file.name}: {error}") from error
    if file.stem != definition.name:
        raise BadQuestionSet(f"{file.name}: the file must be named {definition.name}.toml.")
    ids = [question.id for question in questions]
    if len(ids) != len(set(ids)):
        raise BadQuestionSet(f"{file.name}: a question id stands twice.")
    return definition


def _question(entry: Mapping[str, Any], scale: tuple[Choice, ...]) -> Question:
    kinds = {"recommendation": RECOMMENDATION_VALUES, "statement": tuple(choice.value for choice in scale)}
    if entry["kind"] not in kinds:
        raise ValueError(f"kind {entry['kind']!r} of {entry['id']!r} is not known")
    return Question(
        id=entry["id"],
        kind=entry["kind"],
        text=_texts(entry["text"]),
        required=bool(entry.get("required", False)),
        drafts=frozenset(entry.get("drafts", ())),
        theme=entry.get("theme", {}),
        low=entry.get("low", {}),
        high=entry.get("high", {}),
        values=kinds[entry["kind"]],
    )


def _texts(value: Mapping[str, str]) -> Texts:
    if missing := [language for language in LANGUAGES if not value.get(language)]:
        raise ValueError(f"a wording is missing in {', '.join(missing)}")
    return dict(value)


def _ordered(value: Any) -> Any:
    """The same for the same content, however the file orders its keys."""
    if isinstance(value, dict):
        return [(key, _ordered(value[key])) for key in sorted(value)]
    return [_ordered(entry) for entry in value] if isinstance(value, list) else value
