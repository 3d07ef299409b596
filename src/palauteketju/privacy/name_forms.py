"""The forms in which a name stands in a Finnish, Swedish or English sentence.

Too many rather than too few: where two ways of inflecting live side by side (Satun, Sadun; Tuomaan, Tuomaksen) both are
made, and a form nobody uses does no harm. The price is told by the precision in docs/redaction.md.
"""

from collections.abc import Iterator

_BACK, _FRONT = frozenset("aouáóúàâôøœå"), frozenset("äöyüæ")
_VOWELS = frozenset("aeiouyäöåéáíóúü")
# The strong grade and its weak one, as names have it: Pekka Pekan, Lahti Lahden, Ranta Rannan, Leppä Lepän.
_GRADES = (
    ("kk", "k"),
    ("pp", "p"),
    ("tt", "t"),
    ("nk", "ng"),
    ("nt", "nn"),
    ("mp", "mm"),
    ("lt", "ll"),
    ("rt", "rr"),
    ("ht", "hd"),
    ("ut", "ud"),
    ("at", "ad"),
    ("lp", "lv"),
    ("rp", "rv"),
    ("lk", "l"),
    ("rk", "r"),
    ("äk", "ä"),
    ("ok", "o"),
)
_CASES = ("n", "ssA", "stA", "llA", "ltA", "lle", "ksi", "nA", "ttA", "A", "nsA", "ni", "mme", "ineen")


def forms_of(name: str) -> set[str]:
    """All forms of a name in lower case, the name itself among them; of a double name only its last part changes."""
    whole = name.lower()
    head, hyphen, last = whole.rpartition("-")
    return {head + hyphen + form for form in _forms(last)} if last else {whole}


def _forms(name: str) -> set[str]:
    forms = {name, name + "s", name + "'s", name + "’s"}
    harmony = "ä" if _is_front(name) else "a"
    for stem in _stems(name):
        forms |= {stem + case.replace("A", harmony) for case in _CASES}
        forms.add(stem + stem[-1] + "n")
    forms |= {form.replace("A", harmony) for form in _from_consonant(name)}
    return forms


def _stems(name: str) -> Iterator[str]:
    """What the endings are put to, all of them ending in a vowel."""
    if name.endswith("nen") and len(name) > 4:
        yield name[:-3] + "se"
        yield name[:-3] + "si"
        return
    if name[-1] not in _VOWELS:
        yield name + "i"
        if name.endswith("s"):
            yield name[:-1] + "kse"
            if name[-2:-1] in {"a", "ä"}:
                yield from _strong(name[:-1], name[-2])
        return
    yield name
    yield from _weak(name)
    if name.endswith("i") and len(name) > 3:
        # Mäki, Lahti, Niemi, Järvi: words of the landscape.
        yield name[:-1] + "e"
        yield from _weak(name[:-1] + "e")
    if name.endswith("e"):
        yield name + "e"


def _weak(stem: str) -> Iterator[str]:
    for strong, weak in _GRADES:
        if stem[-3:-1] == strong:
            yield stem[:-3] + weak + stem[-1]


def _strong(stem: str, vowel: str) -> Iterator[str]:
    """Kangas: kankaa-; Tuomas: tuomaa-."""
    yield stem + vowel
    for strong, weak in _GRADES[:8]:
        if stem[-3:-1] == weak and len(weak) == 2:
            yield stem[:-3] + strong + stem[-1] + vowel


def _from_consonant(name: str) -> Iterator[str]:
    """The partitive of names whose stem ends in a consonant, and families in the plural (Virtaset)."""
    if name.endswith("nen") and len(name) > 4:
        stem = name[:-3] + "s"
        yield from (stem + ending for ending in ("tA", "ten", "et", "iA", "iin"))
    elif name[-1] not in _VOWELS:
        yield name + "tA"
    else:
        yield name + "t"


def _is_front(name: str) -> bool:
    for letter in reversed(name):
        if letter in _BACK:
            return False
        if letter in _FRONT:
            return True
    return True
