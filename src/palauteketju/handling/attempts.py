"""How often one may try a wrong receipt code.

Kept in the memory of each web process, bounded, and lost at a restart: it needs to slow guessing, not to account for it.
Sixteen digits are so many that the limit for everybody together leaves a guesser, with ten million feedbacks stored,
less than one hit in five years a process; the limit of one address keeps one machine from using that up for the others.
"""

import ipaddress
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest

WINDOW: Final = timedelta(minutes=10)
LIMIT_OF_ONE: Final = 20
LIMIT_OF_ALL: Final = 3000
ADDRESSES_KEPT: Final = 10_000


class WrongCodes:
    """Wrong codes of the last ten minutes, by address and together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: deque[datetime] = deque(maxlen=LIMIT_OF_ALL)
        self._of_one: OrderedDict[str, deque[datetime]] = OrderedDict()

    def add(self, caller: str, *, at: datetime) -> None:
        with self._lock:
            self._all.append(at)
            times = self._of_one.setdefault(caller, deque(maxlen=LIMIT_OF_ONE))
            times.append(at)
            self._of_one.move_to_end(caller)
            if len(self._of_one) > ADDRESSES_KEPT:
                self._of_one.popitem(last=False)

    def is_too_many(self, caller: str, *, at: datetime) -> bool:
        """Whether this address, or everybody together, must wait."""
        with self._lock:
            of_one = self._of_one.get(caller, deque[datetime]())
            return any(
                len(times) == limit and at - times[0] < WINDOW
                for times, limit in ((of_one, LIMIT_OF_ONE), (self._all, LIMIT_OF_ALL))
            )

    def forget(self) -> None:
        with self._lock:
            self._all.clear()
            self._of_one.clear()


wrong_codes = WrongCodes()


def caller_of(request: HttpRequest) -> str:
    """The address that counts as one: of IPv6 the network, because a household has billions of addresses in it.

    Behind the county's proxy, the last address it noted: what stands before that the client may have written itself.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        given = request.headers.get("X-Forwarded-For", given).rsplit(",", 1)[-1].strip()
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
