"""The call to a chat's webhook.

    POST <secret address>
    Content-Type: application/json

Nothing of a feedback is in it: a sentence that something waits, the unit unless it is sensitive, the deadline and a link
that opens for handlers only. Any 2xx says that the chat has it. A redirection is not followed, because it may lead
anywhere. In production the address is https and of the open internet: whoever may set it must not reach the county's
inner services with it. The name is looked up once and the address found is the one called, so that a second
look-up cannot answer otherwise.
"""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from palauteketju.handling.errors import AddressNotAllowed, ChatNotSent

SECONDS_TO_WAIT: Final = 10
LONGEST_ADDRESS: Final = 2000
# Networks through which an inner IPv4 address can be reached by another name.
_DETOURS: Final = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_address(address: str, *, anywhere: bool) -> None:
    """Raises AddressNotAllowed. `anywhere` is for demos and tests: http and this machine are allowed too."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise AddressNotAllowed("not an address") from None
    if not host or len(address) > LONGEST_ADDRESS or parts.username is not None:
        raise AddressNotAllowed("not an address")
    if parts.scheme != "https" and not (anywhere and parts.scheme == "http"):
        raise AddressNotAllowed("not https")
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return
    if not anywhere and not is_open(literal):
        raise AddressNotAllowed("not of the open internet")


def is_open(address: Address) -> bool:
    """Whether it is of the open internet, and not a way back inside."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_open(address.ipv4_mapped)
        if any(address in net for net in _DETOURS):
            return False
    return address.is_global and not address.is_multicast


def post(address: str, body: Mapping[str, Any], *, anywhere: bool) -> None:
    """Raises ChatNotSent or AddressNotAllowed; neither tells the address."""
    check_address(address, anywhere=anywhere)
    try:
        url = httpx.URL(address)
        found = _look_up(url, anywhere=anywhere)
        with httpx.Client(
            timeout=SECONDS_TO_WAIT,
            # The environment's proxies would look the name up again, where we cannot see it.
            trust_env=False,
            follow_redirects=False,
        ) as client:
            request = client.build_request(
                "POST",
                url.copy_with(host=found),
                json=body,
                headers={"Host": url.netloc.decode("ascii")},
                # The certificate must be the name's, although the number is called.
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            # Only the status is read: a body without end would keep the worker for ever.
            answer = client.send(request, stream=True)
            answer.close()
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        # `from None`: the original holds the whole address.
        raise ChatNotSent(type(error).__name__) from None
    if not answer.is_success:
        raise ChatNotSent(str(answer.status_code))


def _look_up(url: httpx.URL, *, anywhere: bool) -> str:
    port = url.port or {"https": 443, "http": 80}[url.scheme]
    found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    numbers = [str(entry[4][0]) for entry in found]
    if not anywhere and not all(is_open(ipaddress.ip_address(number)) for number in numbers):
        raise AddressNotAllowed("not of the open internet")
    return numbers[0]
