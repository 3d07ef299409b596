"""Learns the weights of `triage/urgency-weights-3.toml` from labelled texts: `python -m tests.handling.learn_weights`.

Logistic regression with a penalty for large weights, by steps over all texts at once: nothing is drawn by lot, so the same
texts give the same file. The texts of the set that is published as unseen are left out. Takes about half a minute.
"""

import json
import sys
from collections import Counter
from math import exp, log, sqrt
from pathlib import Path

from palauteketju.handling.triage.word_weights import Weights, base_share, length_of, pieces_of, sentences_of

HERE = Path(__file__).parent
FILE = HERE.parents[1] / "src" / "palauteketju" / "handling" / "triage" / "urgency-weights-3.toml"
UNSEEN = {"blind_8"}

STEPS = 150
PENALTY = 0.1
IN_TEXTS = 2  # pieces seen in fewer texts are left out
KEPT = 8_000  # the heaviest pieces
BASE = ""  # stands among the pieces while learning
DECIMALS = 2

# Chosen with weights learnt from four fifths of `fresh_dev` and the rest, measured on the fifth part, each in turn.
LIMIT = 0.9
RULE_POINTS = 1.6
MOST_RULES = 2

HEAD = """\
# How much each piece of a word speaks for (above 0) or against an urgent feedback. ^ is the beginning of a word, $ its end;
# å, ä and ö are written without dots. Learnt by tests/handling/learn_weights.py from {count} labelled texts, {urgent} of them
# urgent. A text is marked when its heaviest two sentences and the rules that found something reach the limit.
# A changed file needs a new version number in urgency-3.toml.

base = {base}
limit = {limit}
rule_points = {rule_points}  # what each rule that finds something adds
most_rules = {most_rules}  # of which the points are added

[pieces]
"""


def texts():
    """Every labelled text that may be learnt from. Texts written for the themes are ordinary feedback."""
    urgency = _lines("urgency_texts.jsonl")
    themes = _lines("theme_texts.jsonl")
    return [
        text | {"urgent": text.get("urgent", False)}
        for text in urgency + themes
        if text["split"] not in UNSEEN
    ]


def learn(labelled):
    """The weights by piece, and the base."""
    counted = [_pieces(text["text"]) for text in labelled]
    in_texts = Counter(piece for pieces, _ in counted for piece in pieces)
    rarity = {
        piece: (log((1 + len(counted)) / (1 + count)) + 1) / 8
        for piece, count in in_texts.items()
        if count >= IN_TEXTS
    }
    rows = [
        [
            (piece, count * rarity[piece] / length_of(words))
            for piece, count in pieces.items()
            if piece in rarity
        ]
        + [(BASE, base_share(words))]
        for pieces, words in counted
    ]
    urgent = [text["urgent"] for text in labelled]
    share = sum(urgent) / len(urgent)
    importance = [0.5 / share if one else 0.5 / (1 - share) for one in urgent]
    weights, base = _descend(rows, urgent, importance)
    return {piece: weight * rarity[piece] for piece, weight in weights.items()}, base


def _descend(rows, urgent, importance):
    """Nesterov's accelerated descent, with the longest step that cannot overshoot."""
    weights = dict.fromkeys((piece for row in rows for piece, _ in row), 0.0)
    ahead, pace = dict(weights), 1.0
    step = 1 / (PENALTY + max(importance) * _steepest(rows) / 4)
    for _ in range(STEPS):
        slope = {piece: PENALTY * weight for piece, weight in ahead.items()}
        slope[BASE] = 0.0
        for row, label, matters in zip(rows, urgent, importance, strict=True):
            off = matters * (1 / (1 + exp(-sum(ahead[piece] * value for piece, value in row))) - label)
            for piece, value in row:
                slope[piece] += off * value
        last, weights = weights, {piece: ahead[piece] - step * slope[piece] for piece in ahead}
        last_pace, pace = pace, (1 + sqrt(1 + 4 * pace * pace)) / 2
        beyond = (last_pace - 1) / pace
        ahead = {piece: weight + beyond * (weight - last[piece]) for piece, weight in weights.items()}
    return weights, weights.pop(BASE)


def _steepest(rows):
    """The largest eigenvalue of the rows' products, by repeated multiplication."""
    direction = {piece: 1.0 for row in rows for piece, _ in row}
    for _ in range(12):
        longest = sqrt(sum(value * value for value in direction.values()))
        direction = {piece: value / longest for piece, value in direction.items()}
        onward = dict.fromkeys(direction, 0.0)
        for row in rows:
            along = sum(direction[piece] * value for piece, value in row)
            for piece, value in row:
                onward[piece] += along * value
        direction = onward
    return sqrt(sum(value * value for value in direction.values()))


def _pieces(text):
    words = {word for sentence in sentences_of(text) for word in sentence}
    return Counter(piece for word in sorted(words) for piece in pieces_of(word)), len(words)


def rounded(weights, base):
    """The heaviest pieces only, rounded: what the file holds."""
    kept = sorted(weights, key=lambda piece: (-abs(weights[piece]), piece))[:KEPT]
    pieces = {piece: round(weights[piece], DECIMALS) for piece in sorted(kept)}
    return Weights(
        pieces={piece: weight for piece, weight in pieces.items() if weight},
        base=round(base, DECIMALS),
        limit=LIMIT,
        rule_points=RULE_POINTS,
        most_rules=MOST_RULES,
    )


def as_file(weights, labelled):
    head = HEAD.format(
        count=len(labelled),
        urgent=sum(text["urgent"] for text in labelled),
        base=weights.base,
        limit=weights.limit,
        rule_points=weights.rule_points,
        most_rules=weights.most_rules,
    )
    lines = [
        f"{json.dumps(piece, ensure_ascii=False)} = {weight}\n" for piece, weight in weights.pieces.items()
    ]
    return head + "".join(lines)


def _lines(name):
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


if __name__ == "__main__":
    labelled = texts()
    FILE.write_text(as_file(rounded(*learn(labelled)), labelled), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} is written from {len(labelled)} texts.\n")
