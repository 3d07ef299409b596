"""What a machine is told when it is refused: RFC 9457 problem details, in the caller's language, naming each field."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import JsonResponse

# A caller who got a thousand fields wrong mends them no faster for reading of them all.
MOST_ERRORS = 50


@dataclass(frozen=True)
class FieldError:
    """`field` as the caller wrote it, with dots: "answers.nps"."""

    field: str
    message: str


class Problem(Exception):
    """Raise it anywhere below the API: the answer is its problem document. `detail` is in the caller's language."""

    def __init__(self, status: HTTPStatus, detail: str, errors: Iterable[FieldError] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)


def problem_response(problem: Problem) -> JsonResponse:
    content: dict[str, object] = {
        "type": "about:blank",
        # RFC 9457, 4.2.1: with about:blank the title is the phrase of the status.
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
    }
    if problem.errors:
        content["errors"] = [
            {"field": each.field, "message": each.message} for each in problem.errors[:MOST_ERRORS]
        ]
    response = JsonResponse(
        content,
        status=problem.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response
