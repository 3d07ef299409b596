"""The API of other systems: each step brings its own router; keys, errors and the description are the same for all."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from palauteketju.insight.api import router as insight
from palauteketju.intake.api import router as intake
from palauteketju.organisation.audience import for_machines
from palauteketju.organisation.problems import FieldError, Problem, problem_response
from palauteketju.publishing.api import router as publishing
from palauteketju.sms.api import router as sms


class StrictJson(Parser):
    """JSON as RFC 8259 has it: no NaN, and no name twice in one object, of which one would be lost unseen."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        content = json.loads(request.body, parse_constant=_no_constant, object_pairs_hook=_each_name_once)
        if not isinstance(content, dict):
            raise TypeError("The body is not an object.")
        return content


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON.")


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("A name stands twice in one object.")
    return content


api = NinjaAPI(
    title="Palauteketju",
    version="1",
    description="The customer-feedback chain of a wellbeing services county. Errors are RFC 9457 problem details.",
    parser=StrictJson(),
    docs_url=None,
    urls_namespace="api",
)
for _router in (intake, sms, insight, publishing):
    api.add_router("", _router)


@api.exception_handler(Problem)
def _refused(_request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem_response(problem)


@api.exception_handler(AuthenticationError)
def _without_key(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return problem_response(
        Problem(HTTPStatus.UNAUTHORIZED, _("A key of an integration with the right to do this is needed."))
    )


@api.exception_handler(HttpError)
def _unreadable(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code != HTTPStatus.BAD_REQUEST:
        return problem_response(Problem(HTTPStatus(error.status_code), error.message))
    return problem_response(Problem(HTTPStatus.BAD_REQUEST, _("The body is not a JSON object in UTF-8.")))


@api.exception_handler(RequestDataTooBig)
def _too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    detail = _("More was sent than is taken at once. Send it in smaller parts.")
    return problem_response(Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail))


@api.exception_handler(Http404)
def _not_here(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem_response(Problem(HTTPStatus.NOT_FOUND, _("There is nothing at this address.")))


@api.exception_handler(ValidationError)
def _wrong_shape(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    # A value that could be one of two types has two errors at the same field: one sentence is enough.
    messages = {_field(each["loc"]): _in_words(each["type"]) for each in error.errors}
    errors = [FieldError(field, message) for field, message in messages.items()]
    return problem_response(
        Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Some fields must be mended."), errors)
    )


def _field(location: tuple[Any, ...]) -> str:
    """("body", "payload", "answers", "nps", "int") → "answers.nps": without ninja's own names and pydantic's types.

    What stands in the address has no name of ninja's between: ("query", "limit") → "limit".
    """
    own = 2 if location[:1] == ("body",) else 1
    names = [str(part) for part in location[own:] if str(part) not in {"int", "str"}]
    # A name of the caller's own making may be of any length.
    return ".".join(names)[:100].encode(errors="replace").decode()


def _in_words(kind: str) -> str:
    return {
        "missing": _("This is missing."),
        "extra_forbidden": _("There is no such field."),
        "string_type": _("This must be text."),
        "string_unicode": _("Some characters cannot be read. Write them again."),
        "string_too_short": _("This is missing."),
        "string_too_long": _("This is too long."),
        "bool_type": _("This must be true or false."),
        "int_type": _("This must be a whole number or its text."),
        "dict_type": _("This must be an object."),
        "model_type": _("This must be an object."),
        "list_type": _("This must be a list."),
        "too_long": _("This is too long."),
    }.get(kind, _("Check this."))


def _as_problem(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A wrong method is told like every other error."""

    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        problem = problem_response(
            Problem(HTTPStatus.METHOD_NOT_ALLOWED, _("This address does not take this method."))
        )
        problem["Allow"] = response.headers.get("Allow", "")
        return problem

    return told


def _marked(pattern: URLPattern) -> URLPattern:
    pattern.callback = for_machines(_as_problem(pattern.callback))
    return pattern


_patterns, _app_name, _namespace = api.urls
urls = ([_marked(pattern) for pattern in _patterns if isinstance(pattern, URLPattern)], _app_name, _namespace)
