"""Nothing that was written is lost to a refusal: who lost the role, or was signed out, gets the text back to copy."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def text_is_kept(field: str) -> Callable[[View[P]], View[P]]:
    """Where the view would refuse, show what was written in `field`; stands outside the audience mark.

    It tells nothing of the case, not even that there is one: the same page comes for a number that never was.
    """

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def kept(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            text = request.POST.get(field, "").strip()
            if not text:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return _given_back(request, text, is_signed_in=False)
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return _given_back(request, text, is_signed_in=True)

        return cast("View[P]", never_cache(kept))

    return mark


def _given_back(request: HttpRequest, text: str, *, is_signed_in: bool) -> HttpResponse:
    context = {"text": text, "is_signed_in": is_signed_in}
    return render(request, "handling/text_given_back.html", context, status=404 if is_signed_in else 403)
