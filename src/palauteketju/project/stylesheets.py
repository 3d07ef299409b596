"""One stylesheet for customers and one for staff: the brand's tokens and the style rules together, in one request.

The address holds a digest of the content, so that a browser keeps it for a year and a changed brand shows at once.
"""

import gzip
import hashlib
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse

from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.look import county_brand
from palauteketju.ui.stylesheets import customer_css, staff_css

_WRITERS = {"customer": customer_css, "staff": staff_css}


@cache
def _sheet(name: str) -> tuple[str, bytes, bytes]:
    content = _WRITERS[name](county_brand()).encode()
    return hashlib.sha256(content).hexdigest()[:12], content, gzip.compress(content, mtime=0)


def address_of(name: str) -> str:
    return f"/ui/{name}-{_sheet(name)[0]}.css"


@for_everyone
def serve(request: HttpRequest, name: str, digest: str) -> HttpResponse:
    """An old digest gets today's sheet for a short while: a page cached elsewhere must not lose its look."""
    if name not in _WRITERS:
        raise Http404
    current, plain, packed = _sheet(name)
    accepts_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if accepts_gzip else plain, content_type="text/css; charset=utf-8")
    if accepts_gzip:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == current else "public, max-age=60"
    )
    return response
