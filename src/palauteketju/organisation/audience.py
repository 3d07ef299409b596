"""The audience mark: every view says whom it is for, and `tests/architecture` fails for one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from palauteketju.organisation.access import roles_of
from palauteketju.organisation.models import Person, Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request whose user is known to be a signed-in person with at least one role."""

    user: Person
    roles: frozenset[str]


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def for_everyone(view: View[P]) -> View[P]:
    """A public page. It reads no cookie of a signed-in person, so there is nothing a forged post could misuse."""
    marked = csrf_exempt(view)
    marked.audience = "everyone"  # type: ignore[attr-defined]  # the mark that tests/architecture reads
    return marked


def for_machines(view: View[P]) -> View[P]:
    """Another program: it brings its own key or reads what is open."""
    marked = csrf_exempt(view)
    marked.audience = "machines"  # type: ignore[attr-defined]  # as above
    return marked


def for_staff(*kinds: Role.Kind) -> Callable[[StaffView[P]], View[P]]:
    """Signed-in people with one of these roles somewhere (any role when none is named); the rest get 404.

    Which units they see in it is the matter of each step's `access`.
    """

    def mark(view: StaffView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            roles = roles_of(request.user)
            if not roles or (kinds and roles.isdisjoint(kinds)):
                raise Http404
            # A press is let through: what was written in an older window would be lost.
            if request.user.password_is_issued and request.method in {"GET", "HEAD"}:
                own = reverse("organisation:change_password")
                if request.path != own:
                    return redirect(own)
            staff_request = cast("StaffRequest", request)
            staff_request.roles = roles
            return view(staff_request, *args, **kwargs)

        marked = never_cache(guarded)
        marked.audience = "staff"  # type: ignore[attr-defined]  # as above
        return cast("View[P]", marked)

    return mark
