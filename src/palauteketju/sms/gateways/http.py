"""A provider, or the county's own message service, behind a plain HTTP call.

    POST <address>
    Authorization: Bearer <token>
    Content-Type: application/json

    {"to": "+358401234567", "from": "Palaute", "text": "…"}

2xx says that the service now has the message and sends it on; `{"id": "…"}` in the body is welcome. There is no
delivery receipt: with 2xx the message counts as handed over, and its number is deleted here. What another answer
means is in `OUTCOMES`. A redirection is not followed: the number and the token would go to an address nobody gave.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

import httpx

from palauteketju.sms.gateways.port import PermanentFailure, Sent, TemporaryFailure, UnknownOutcome

SECONDS_TO_WAIT = 10

# 401 to 405: our own address or token is wrong, and right messages would be thrown away for it.
# 500, 502, 504: something broke, perhaps after the message had gone on.
OUTCOMES: Mapping[int, type[TemporaryFailure | UnknownOutcome]] = MappingProxyType(
    {
        401: TemporaryFailure,
        402: TemporaryFailure,
        403: TemporaryFailure,
        404: TemporaryFailure,
        405: TemporaryFailure,
        408: TemporaryFailure,
        409: UnknownOutcome,
        425: TemporaryFailure,
        429: TemporaryFailure,
        500: UnknownOutcome,
        502: UnknownOutcome,
        503: TemporaryFailure,
        504: UnknownOutcome,
    }
)


class HttpGateway:
    def __init__(self, address: str, *, token: str, seconds_to_wait: float = SECONDS_TO_WAIT) -> None:
        self._address = address
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {token}"},
            timeout=seconds_to_wait,
            # The environment's proxies were not meant for phone numbers.
            trust_env=False,
            # A kept connection that the service has closed meanwhile fails in a way that looks like a lost answer.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def send(self, phone: str, text: str, *, sender: str) -> Sent:
        try:
            answer = self._client.post(self._address, json={"to": phone, "from": sender, "text": text})
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
        ) as error:
            # No connection, so nothing was said. `from None`: the original holds the whole request.
            raise TemporaryFailure(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise UnknownOutcome(type(error).__name__) from None
        if answer.is_success:
            return Sent(_id_in(answer))
        raise _failure(answer.status_code)


def _failure(status: int) -> TemporaryFailure | PermanentFailure | UnknownOutcome:
    if status in OUTCOMES:
        return OUTCOMES[status](str(status))
    if 400 <= status < 500:
        return PermanentFailure(str(status))
    # 3xx: the address is wrong. Other 5xx are unheard of.
    return TemporaryFailure(str(status)) if status < 400 else UnknownOutcome(str(status))


def _id_in(answer: httpx.Response) -> str:
    try:
        content = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return ""
    return str(content.get("id", ""))[:100] if isinstance(content, dict) else ""
