"""What every request passes before it reaches a step."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


def refuse_undecodable(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to an address or query whose bytes are no UTF-8 or hold a NUL, instead of storing nonsense."""

    def middleware(request: HttpRequest) -> HttpResponse:
        for part in (request.META.get("QUERY_STRING", ""), request.path):
            try:
                decoded = unquote_to_bytes(part).decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadRequest("The address is not UTF-8.") from error
            if "\x00" in decoded:
                raise BadRequest("The address holds a NUL character.")
        return get_response(request)

    return middleware


def add_content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell the browser to load nothing from elsewhere and to run no script of a page's text. The same for every page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY
        return response

    return middleware
