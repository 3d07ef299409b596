"""Finnish, Swedish or English: asked for in the address (`?kieli=sv`), remembered in a cookie, else the browser's."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "kieli"
CODES = ("fi", "sv", "en")


def choose_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Raise BadRequest for `?kieli=` of a language the program does not speak."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get(COOKIE)
        language = asked or request.COOKIES.get(COOKIE) or of_browser(request)
        if language not in CODES:
            if asked:
                raise BadRequest("An unknown language.")
            language = "fi"
        translation.activate(language)
        request.LANGUAGE_CODE = language
        try:
            response = get_response(request)
        finally:
            translation.deactivate()
        response.headers.setdefault("Content-Language", language)
        if asked:
            response.set_cookie(
                COOKIE, language, max_age=365 * 86400, samesite="Lax", httponly=True, secure=settings.IS_HTTPS
            )
        return response

    return middleware


def of_visitor(request: HttpRequest) -> str:
    """The language of a page that is shown when this middleware was not reached, or refused the request itself."""
    chosen = getattr(request, "LANGUAGE_CODE", None) or request.COOKIES.get(COOKIE)
    return chosen if chosen in CODES else of_browser(request)


def of_browser(request: HttpRequest) -> str:
    """The first of our languages in Accept-Language, as the browser orders them; Finnish when none is."""
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in CODES:
            return code
    return "fi"
