"""How another system shows its key: `Authorization: Bearer <key>` or `X-API-Key: <key>`."""

from collections.abc import Callable

from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer

from palauteketju.organisation.access import integration_for
from palauteketju.organisation.models import Integration


class _Bearer(HttpBearer):
    def __init__(self, right: Integration.Right) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, token: str) -> Integration | None:  # noqa: ARG002 - ninja's face
        return integration_for(token.strip(), self.right)


class _Header(APIKeyHeader):
    param_name = "X-API-Key"

    def __init__(self, right: Integration.Right) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, key: str | None) -> Integration | None:  # noqa: ARG002 - as above
        return integration_for(key.strip(), self.right) if key else None


def key_with(right: Integration.Right) -> list[Callable[[HttpRequest], Integration | None]]:
    """The `auth=` of an operation: 401 without the living key of an integration that has the right.

    The integration is then in `request.auth`; which units it may write to is the operation's matter.
    """
    return [_Bearer(right), _Header(right)]


def holder_of_key(request: HttpRequest, right: Integration.Right) -> Integration | None:
    """Whose key came with a request to an operation that needs one only for some of what it gives."""
    for way in key_with(right):
        if integration := way(request):
            return integration
    return None
