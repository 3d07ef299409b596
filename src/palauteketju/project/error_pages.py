"""What is shown when there is no page to show: in the visitor's language, and to machines as problem details."""

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from palauteketju.organisation.access import roles_of
from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.keeping_text import give_back_unsent
from palauteketju.organisation.language import of_visitor
from palauteketju.organisation.models import Person
from palauteketju.organisation.problems import Problem, problem_response

API = "/api/"
_CHUNK, _MOST_READ_AWAY = 64 * 1024, 64 * 1024 * 1024


@for_everyone
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when more was sent than any form holds."""
    is_too_big = isinstance(exception, RequestDataTooBig)
    if is_too_big:
        _read_away(request)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_too_big else HTTPStatus.BAD_REQUEST
    return _shown(request, "413.html" if is_too_big else "400.html", status)


@for_everyone
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's face
    return _shown(request, "403.html", HTTPStatus.FORBIDDEN)


@for_everyone
@never_cache
def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as above; a reason for developers
    """The form was open too long, cookies are off, or somebody else's page posted it. Staff get their text back."""
    view = request.resolver_match.func if request.resolver_match else None
    if view is None or getattr(view, "audience", "") != "staff":
        return _shown(request, "403.html", HTTPStatus.FORBIDDEN)
    return give_back_unsent(request)


@for_everyone
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as above
    if not _is_staff(request):
        return _shown(request, "404.html", HTTPStatus.NOT_FOUND)
    response = _shown(request, "404_staff.html", HTTPStatus.NOT_FOUND)
    add_never_cache_headers(response)
    return response


@for_everyone
def server_error(request: HttpRequest) -> HttpResponse:
    return _shown(request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def _is_staff(request: HttpRequest) -> bool:
    """Whether somebody with a role is signed in; a visitor without a session is not asked about."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    return isinstance(user, Person) and bool(roles_of(user))


def _read_away(request: HttpRequest) -> None:
    """Take in what is still being sent: a browser cut off while it sends shows its own error instead of our page."""
    for _chunk in range(_MOST_READ_AWAY // _CHUNK):
        if not request.read(_CHUNK):
            return


def _shown(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    language = of_visitor(request)
    # Some requests are refused before their language was chosen.
    with translation.override(language):
        if request.path.startswith(API):
            return problem_response(Problem(status, _in_words(status)))
        response = render(request, template, {"languages": []}, status=status)
        response["Content-Language"] = language
        return response


def _in_words(status: HTTPStatus) -> str:
    return {
        HTTPStatus.BAD_REQUEST: _("The request could not be read."),
        HTTPStatus.NOT_FOUND: _("There is nothing at this address."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _(
            "More was sent than is taken at once. Send it in smaller parts."
        ),
    }.get(status, _("Something went wrong here. Nothing may have been stored: send the same again later."))
