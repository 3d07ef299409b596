"""How much the redaction finds of what it should, and how much it masks in vain: `python -m tests.privacy.redaction_figures`.

Found means masked to its last character, under whatever name. In vain means that nothing of it was marked in the text.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from palauteketju.privacy.redaction import redact

TEXTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "redaction_texts.jsonl").read_text("utf-8").splitlines()
]


@dataclass
class Figures:
    """By language and kind."""

    marked: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    masked: Counter = field(default_factory=Counter)
    in_vain: Counter = field(default_factory=Counter)

    def recall(self, *key):
        return _share(self.found, self.marked, key)

    def precision(self, *key):
        return 1 - _share(self.in_vain, self.masked, key)


def _share(some, of, key):
    total = sum(n for name, n in of.items() if set(key) <= set(name))
    return sum(n for name, n in some.items() if set(key) <= set(name)) / total if total else 0.0


def measure(split):
    figures = Figures()
    for one in TEXTS:
        if one["split"] != split:
            continue
        language, text = one["language"], one["text"]
        found = redact(text, language=language).found
        masked = {place for thing in found for place in range(thing.start, thing.end)}
        marked = {place for span in one["found"] for place in range(span["start"], span["end"])}
        for span in one["found"]:
            places = {place for place in range(span["start"], span["end"]) if not text[place].isspace()}
            figures.marked[language, span["kind"]] += 1
            figures.found[language, span["kind"]] += places <= masked
        for thing in found:
            figures.masked[language, thing.kind] += 1
            figures.in_vain[language, thing.kind] += marked.isdisjoint(range(thing.start, thing.end))
    return figures


def _told(split):
    figures = measure(split)
    yield f"{split}: {sum(one['split'] == split for one in TEXTS)} texts"
    kinds = sorted(
        {kind for _language, kind in figures.marked} | {kind for _language, kind in figures.masked}
    )
    for key in [(), ("fi",), ("sv",), ("en",), *((kind,) for kind in kinds)]:
        marked = sum(n for name, n in figures.marked.items() if set(key) <= set(name))
        found = sum(n for name, n in figures.found.items() if set(key) <= set(name))
        masked = sum(n for name, n in figures.masked.items() if set(key) <= set(name))
        in_vain = sum(n for name, n in figures.in_vain.items() if set(key) <= set(name))
        yield (f"  {' '.join(key) or 'all':<14} found {found} of {marked}, in vain {in_vain} of {masked}")


if __name__ == "__main__":
    for half in ("dev", "blind", "fresh"):
        sys.stdout.writelines(f"{line}\n" for line in _told(half))
