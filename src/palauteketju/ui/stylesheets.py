"""The two style sheets, each sent whole: one request, nothing to wait for, nothing that jumps."""

import re
from hashlib import sha256
from pathlib import Path

from palauteketju.brand.css import custom_properties
from palauteketju.brand.tokens import Brand

_FOLDER = Path(__file__).with_name("static") / "ui"


def customer_css(brand: Brand) -> str:
    """All that customers' and public pages need, the brand's tokens first."""
    return minified(custom_properties(brand, dark=False) + _read("customer.css"))


def staff_css(brand: Brand) -> str:
    """All that staff pages need: the same ground and forms, dark mode, and what only staff see."""
    return minified(custom_properties(brand) + _read("customer.css") + _read("staff.css"))


def fingerprint(css: str) -> str:
    """Twelve characters that change with the content, for an address that may be cached for ever."""
    return sha256(css.encode()).hexdigest()[:12]


def minified(css: str) -> str:
    """Without comments and needless spaces. Made for our own files: no string in them holds a brace or a comment."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    # Only after a property's name: a space before a colon may mean "any descendant".
    css = re.sub(r"([{;][\w-]+): ", r"\1:", css)
    return css.replace(";}", "}").strip()


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
