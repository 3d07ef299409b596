"""The few scripts of staff pages, each served whole as the style sheets are: a digest of the content in the address."""

import gzip
import hashlib
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from palauteketju.organisation.audience import for_everyone

NAMES = ("board", "shortcuts")


@cache
def _script(name: str) -> tuple[str, bytes, bytes]:
    content = (settings.PACKAGE / "ui" / "static" / "ui" / f"{name}.js").read_bytes()
    return hashlib.sha256(content).hexdigest()[:12], content, gzip.compress(content, mtime=0)


def address_of(name: str) -> str:
    return f"/ui/{name}-{_script(name)[0]}.js"


@for_everyone
def serve(request: HttpRequest, name: str, digest: str) -> HttpResponse:
    """An old digest gets today's script for a short while, as with the style sheets."""
    if name not in NAMES:
        raise Http404
    current, plain, packed = _script(name)
    accepts_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if accepts_gzip else plain, content_type="text/javascript; charset=utf-8")
    if accepts_gzip:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == current else "public, max-age=60"
    )
    return response
