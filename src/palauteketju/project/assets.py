"""The files beside the pages: a stylesheet for customers and one for staff, and the few scripts.

A stylesheet is the brand's tokens and the style rules together, in one request. The address of each file holds a digest of
its content, so that a browser keeps it for a year and a changed brand shows at once.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import cache
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.look import county_brand
from palauteketju.ui.stylesheets import customer_css, staff_css

_TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_WRITERS: Final[dict[str, Callable[[], str]]] = {
    "customer.css": lambda: customer_css(county_brand()),
    "staff.css": lambda: staff_css(county_brand()),
    "board.js": lambda: _script("board.js"),
    "kiosk.js": lambda: _script("kiosk.js"),
    "shortcuts.js": lambda: _script("shortcuts.js"),
    "unsent.js": lambda: _script("unsent.js"),
}


def _script(name: str) -> str:
    return (settings.PACKAGE / "ui" / "static" / "ui" / name).read_text(encoding="utf-8")


@cache
def _file(name: str) -> tuple[str, bytes, bytes]:
    """Its digest, its content, and that packed."""
    content = _WRITERS[name]().encode()
    return hashlib.sha256(content).hexdigest()[:12], content, gzip.compress(content, mtime=0)


def addresses(kind: str) -> dict[str, str]:
    """The address of each file of this kind, "css" or "js", by its name without the ending."""
    names = [name.removesuffix(f".{kind}") for name in _WRITERS if name.endswith(f".{kind}")]
    return {name: f"/ui/{name}-{_file(f'{name}.{kind}')[0]}.{kind}" for name in names}


@for_everyone
def serve(request: HttpRequest, name: str, digest: str, kind: str) -> HttpResponse:
    """An old digest gets today's file for a short while: a page cached elsewhere must not lose its look."""
    if f"{name}.{kind}" not in _WRITERS:
        raise Http404
    current, plain, packed = _file(f"{name}.{kind}")
    accepts_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if accepts_gzip else plain, content_type=_TYPES[kind])
    if accepts_gzip:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == current else "public, max-age=60"
    )
    return response
