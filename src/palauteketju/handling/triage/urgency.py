"""Marks a text as possibly urgent, with the reason. Plain Python; a person confirms or removes it.

The rules are data with a version (`urgency-3.toml`), written in the language of `word_patterns`, to
which the file adds word lists of its own: `@medicine` stands for every word of that list. All of them run on every text:
people write in other languages than the form's. What they find is weighed together with the other words of the text
(`word_weights`), so that a death thanked for is not taken for a danger, and harm told in other words is found too.

A county may have a second file: rules of its own, which mark a text whatever its words weigh, ids of shipped rules to leave
out (`remove`), and exceptions to a shipped rule (`[[except]]`).
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypedDict

from palauteketju.handling.triage.word_patterns import BadPattern, Index, Lexicon, Pattern, Words, parse
from palauteketju.handling.triage.word_weights import FEWEST_WORDS, BadWeights, Weights, load_weights

SHIPPED_RULES: Final = Path(__file__).parent / "urgency-3.toml"

KINDS: Final = (
    "danger",
    "neglect",
    "violence",
    "abuse",
    "self_harm",
    "medication_error",
    "missing_care",
    "discrimination",
    "missing_person",
    "threat",
    "worry",
)
# The reason of a text that no rule found anything in, and whose words weigh as those of urgent ones do.
WORDING: Final = "wording"
# Reasons that no rule gives: the writer said so, or the rules could not be run and nobody knows.
CUSTOMER_SAID: Final = "customer_said"
RULES_FAILED: Final = "rules_failed"
# Not the feedback, but what its writer added by the receipt page.
WRITTEN_LATER: Final = "written_later"

LANGUAGES: Final = ("fi", "sv", "en")
COMMON_KEYS: Final = frozenset({"version", "right", "words", "rule"})
FILE_KEYS: Final = COMMON_KEYS | {"weights", "gone"}
OWN_FILE_KEYS: Final = COMMON_KEYS | {"remove", "except"}
EXCEPT_KEYS: Final = frozenset({"rule", "unless"})
RULE_KEYS: Final = frozenset({"id", "kind", "language", "note", "any", "unless", "needs", "calm"})

_WORD_LIST: Final = re.compile(r"@([\w-]+)")
_RULE_HEADER: Final = re.compile(r"\s*\[\[\s*rule\s*\]\]")


class BadRules(Exception):
    """The rule file cannot be used; the message names the file, the line, the rule and why."""


@dataclass(frozen=True)
class Rule:
    """`patterns` mark a text, except where one of `exceptions` covers a word of what they found.

    With `needs` above 1 so many different patterns must be found: signs that are nothing alone and something together.
    One more is needed where anything of `calm`, such as thanks, stands in the text. What is `certain` marks a text whatever
    the other words weigh.
    """

    id: str
    kind: str
    language: str
    patterns: tuple[tuple[Pattern, ...], ...]
    exceptions: tuple[Pattern, ...]
    needs: int = 1
    calm: tuple[Pattern, ...] = ()
    certain: bool = False


@dataclass(frozen=True)
class Rules:
    """`own_version` is of the county's file, None without one; `digest` is of the text of all files.

    Without `weights` every rule is as good as certain.
    """

    version: int
    rules: tuple[Rule, ...]
    lexicon: Lexicon
    weights: Weights | None = None
    own_version: int | None = None
    digest: str = ""

    @cached_property
    def index(self) -> Index[int]:
        """The patterns under their rule's number."""
        return Index(
            (number, pattern)
            for number, rule in enumerate(self.rules)
            for pattern in chain.from_iterable(rule.patterns)
        )


@dataclass(frozen=True)
class Reason:
    """Which rule marked the text, and where: `text[start:end]`. Never the words themselves."""

    kind: str
    rule_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Urgency:
    """Whether a text may be urgent. `rules_version` tells later which rules said so."""

    urgent: bool
    reasons: list[Reason]
    rules_version: int


class ExplainedUrgency(TypedDict):
    urgent: bool
    reasons: list[str]


def assess(text: str, *, language: str, rules: Rules) -> Urgency:
    """Whether `text` may be urgent: one reason for each rule that marks it, or else the heaviest words.

    `language` is the form's. It decides only the order: reasons by rules of that language come first.
    """
    words = Words(text, rules.lexicon)
    found = [
        (rule, Reason(rule.kind, rule.id, *words.span(*hit)))
        for rule in map(rules.rules.__getitem__, rules.index.possible_in(words))
        if (hit := _first_hit(rule, words)) is not None
    ]
    if rules.weights is not None:
        weighed = rules.weights.weigh(text, [reason.start for _, reason in found])
        points = rules.weights.rule_points * min(len(found), rules.weights.most_rules)
        if weighed.weight + points < rules.weights.limit:
            found = [(rule, reason) for rule, reason in found if rule.certain]
        elif not found and weighed.words >= FEWEST_WORDS:
            by_words = [Reason(WORDING, WORDING, start, end) for start, end in weighed.heaviest]
            return Urgency(urgent=True, reasons=by_words, rules_version=rules.version)
    found.sort(key=lambda item: (item[0].language != language, item[1].start, item[1].rule_id))
    return Urgency(bool(found), [reason for _, reason in found], rules.version)


def explain(urgency: Urgency) -> ExplainedUrgency:
    """The verdict as JSON data: each kind once, in the order of the reasons."""
    kinds = dict.fromkeys(reason.kind for reason in urgency.reasons)
    return {"urgent": urgency.urgent, "reasons": list(kinds)}


def load_rules(path: Path | None = None, *, own: Path | None = None) -> Rules:
    """The rules of a file, the shipped ones by default, together with the county's `own`. Raises BadRules."""
    path = path or SHIPPED_RULES
    source, content = _content(path)
    rules = (reader := _Reader(path.name, source)).read(content)
    if "weights" in content:
        try:
            weights, weights_source = load_weights(path.with_name(str(content["weights"])))
        except BadWeights as error:
            raise BadRules(str(error)) from error
        rules, source = replace(rules, weights=weights), source + weights_source
    if own is None:
        return replace(rules, digest=digest_of(source))
    own_source, own_content = _content(own)
    rules = _OwnReader(own.name, own_source, beside=reader).read_beside(rules, own_content)
    return replace(rules, digest=digest_of(source + own_source))


def digest_of(source: str) -> str:
    return sha256(source.encode()).hexdigest()


def _content(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        source = path.read_text(encoding="utf-8")
        content = tomllib.loads(source)
    except OSError as error:
        raise BadRules(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadRules(f"{path.name} is not UTF-8 text (byte {error.start}).") from error
    except tomllib.TOMLDecodeError as error:
        raise BadRules(f"{path.name} is not TOML: {error}.") from error
    return source, content


def _first_hit(rule: Rule, words: Words) -> tuple[int, int] | None:
    hits = [[hit for pattern in one for hit in words.find(pattern)] for one in rule.patterns]
    if sum(map(bool, hits)) < rule.needs:
        return None
    needs = rule.needs + any(True for calm in rule.calm for _ in words.find(calm))
    excused = {
        position
        for exception in rule.exceptions
        for first, last in words.find(exception)
        for position in range(first, last + 1)
    }
    standing = [hit for found in hits if (hit := _standing(sorted(found), excused)) is not None]
    return min(standing) if len(standing) >= needs else None


def _standing(hits: list[tuple[int, int]], excused: set[int]) -> tuple[int, int] | None:
    return next((hit for hit in hits if excused.isdisjoint(range(hit[0], hit[1] + 1))), None)


class _Reader:
    """Turns the content of a rule file into Rules, or says in which line it is wrong."""

    keys = FILE_KEYS

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._lines = source.splitlines()
        self._headers = [number for number, line in enumerate(self._lines, 1) if _RULE_HEADER.match(line)]
        self._lexicon = Lexicon()
        self._words: dict[str, str] = {}
        self._gone: frozenset[str] = frozenset()

    def read(self, content: dict[str, Any]) -> Rules:
        version = self._begin(content)
        self._gone = frozenset(content.get("gone", []))
        entries = content.get("rule")
        if not isinstance(entries, list) or not entries:
            raise BadRules(f"{self._name}: there is no [[rule]].")
        return Rules(version, self._rules(entries), self._lexicon)

    def _begin(self, content: dict[str, Any]) -> int:
        version = content.get("version")
        if type(version) is not int or version < 1:
            raise BadRules(f"{self._name}, line 1: version must be a whole number from 1.")
        if unknown := sorted(content.keys() - self.keys):
            raise BadRules(
                f"{self._name}: unknown key {unknown[0]!r}; known are {', '.join(sorted(self.keys))}."
            )
        self._know(content.get("right", []))
        self._words |= self._word_lists(content.get("words", {}))
        return version

    def _rules(self, entries: list[Any]) -> tuple[Rule, ...]:
        rules: dict[str, Rule] = {}
        for index, entry in enumerate(entries):
            rule = self._rule(index, entry)
            if rule.id in rules:
                raise self._bad(index, rule.id, "another rule has the same id")
            rules[rule.id] = rule
        return tuple(rules.values())

    def _know(self, words: Any) -> None:
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise BadRules(f"{self._name}: right must be a list of words.")
        for word in words:
            try:
                self._lexicon.never_misspelt(word)
            except BadPattern as error:
                raise BadRules(f"{self._name}, right: {error}.") from error

    def _word_lists(self, lists: Any) -> dict[str, str]:
        if not isinstance(lists, dict):
            raise BadRules(f"{self._name}: words must be a table of lists.")
        for name, words in lists.items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words) or not words:
                raise BadRules(f"{self._name}: the word list {name!r} must be a list of words.")
        return {name: "|".join(words) for name, words in lists.items()}

    def _rule(self, index: int, entry: Any) -> Rule:
        if not isinstance(entry, dict):
            raise self._bad(index, "?", "a rule must be a table")
        rule_id = entry.get("id")
        if not isinstance(rule_id, str) or not rule_id:
            raise self._bad(index, "?", "id is missing")
        if unknown := sorted(entry.keys() - RULE_KEYS):
            raise self._bad(index, rule_id, f"unknown key {unknown[0]!r}", near=unknown[0])
        for key, allowed in (("kind", KINDS), ("language", LANGUAGES)):
            if entry.get(key) not in allowed:
                raise self._bad(index, rule_id, f"{key} must be one of {', '.join(allowed)}", near=key)
        needs = entry.get("needs", 1)
        if type(needs) is not int or needs < 1:
            raise self._bad(index, rule_id, "needs must be a whole number from 1", near="needs")
        return Rule(
            id=rule_id,
            kind=entry["kind"],
            language=entry["language"],
            patterns=tuple(self._patterns(index, rule_id, entry, "any")),
            exceptions=tuple(chain.from_iterable(self._patterns(index, rule_id, entry, "unless"))),
            needs=needs,
            calm=tuple(chain.from_iterable(self._patterns(index, rule_id, entry, "calm"))),
        )

    def _patterns(
        self, index: int, rule_id: str, entry: dict[str, Any], key: str
    ) -> Iterator[tuple[Pattern, ...]]:
        patterns = entry.get(key, [])
        if not isinstance(patterns, list) or (key == "any" and not patterns):
            raise self._bad(index, rule_id, f"{key} must be a list of patterns", near=key)
        for pattern in patterns:
            if not isinstance(pattern, str):
                raise self._bad(index, rule_id, f"{key} has something else than text in it", near=key)
            try:
                words = _WORD_LIST.sub(self._listed, pattern)
                yield tuple(parse(words, self._lexicon, misspelt=key == "any"))
            except BadPattern as error:
                raise self._bad(index, rule_id, f"pattern {pattern!r}: {error}", near=pattern) from error

    def _listed(self, named: re.Match[str]) -> str:
        if named[1] not in self._words:
            raise BadPattern(f"there is no word list {named[1]!r}")
        return self._words[named[1]]

    def _bad(self, index: int, rule_id: str, why: str, near: str = "") -> BadRules:
        return BadRules(f"{self._name}, line {self._line(index, near)}, rule {rule_id!r}: {why}.")

    def _line(self, index: int, near: str) -> int:
        # Rules written inline have no header line of their own: then the first line must do.
        if index >= len(self._headers):
            return 1
        start = self._headers[index]
        end = self._headers[index + 1] - 1 if index + 1 < len(self._headers) else len(self._lines)
        return next((number for number in range(start, end + 1) if near in self._lines[number - 1]), start)


class _OwnReader(_Reader):
    """Reads a county's file, whose patterns may name the word lists of the shipped one.

    It may still name rules of earlier versions (`gone`), so that a new version of the program takes an old file.
    """

    keys = OWN_FILE_KEYS

    def __init__(self, name: str, source: str, *, beside: _Reader) -> None:
        super().__init__(name, source)
        self._lexicon = beside._lexicon  # noqa: SLF001 - the same class
        self._words = dict(beside._words)  # noqa: SLF001 - as above
        self._gone = beside._gone  # noqa: SLF001 - as above

    def read_beside(self, shipped: Rules, content: dict[str, Any]) -> Rules:
        own_version = self._begin(content)
        known = {rule.id: rule for rule in shipped.rules}
        self._exceptions(known, content.get("except", []))
        self._remove(known, content.get("remove", []))
        entries = content.get("rule", [])
        if not isinstance(entries, list):
            raise BadRules(f"{self._name}: rule must be [[rule]] tables.")
        for rule in self._rules(entries):
            if rule.id in {one.id for one in shipped.rules}:
                raise BadRules(f"{self._name}, rule {rule.id!r}: a rule of the program has the same id.")
            known[rule.id] = replace(rule, certain=True)
        if not known:
            raise BadRules(f"{self._name}: no rule is left.")
        return replace(shipped, rules=tuple(known.values()), own_version=own_version)

    def _remove(self, known: dict[str, Rule], removed: Any) -> None:
        if not isinstance(removed, list):
            raise BadRules(f"{self._name}: remove must be a list of ids.")
        for rule_id in removed:
            if isinstance(rule_id, str) and rule_id in self._gone:
                continue
            if not isinstance(rule_id, str) or known.pop(rule_id, None) is None:
                raise BadRules(f"{self._name}, remove: there is no rule {rule_id!r}.")

    def _exceptions(self, known: dict[str, Rule], entries: Any) -> None:
        if not isinstance(entries, list):
            raise BadRules(f"{self._name}: except must be [[except]] tables.")
        for entry in entries:
            rule_id = entry.get("rule") if isinstance(entry, dict) else None
            if rule_id in self._gone:
                continue
            if rule_id not in known or entry.keys() - EXCEPT_KEYS:
                raise BadRules(
                    f"{self._name}, except: each needs the id of a rule and unless, and {rule_id!r} is none."
                )
            more = tuple(chain.from_iterable(self._patterns(0, rule_id, entry, "unless")))
            known[rule_id] = replace(known[rule_id], exceptions=known[rule_id].exceptions + more)
