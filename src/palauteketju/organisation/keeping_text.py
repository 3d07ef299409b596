"""Nothing that was written is lost to a refusal: who lost the role, or was signed out, gets the text back to copy."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def text_is_kept(*fields: str) -> Callable[[View[P]], View[P]]:
    """Where the view would refuse, show what was written in `fields`; stands outside the audience mark.

    It tells nothing of what the page is about, not even that it is there: the same page comes for a number that never was.
    """

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def kept(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            texts = written(request)
            if not texts:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return _given_back(request, texts, why="signed_out", status=403)
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return _given_back(request, texts, why="not_yours", status=404)

        marked = never_cache(kept)
        marked.kept_fields = fields  # type: ignore[attr-defined]  # the mark that `written` reads
        return cast("View[P]", marked)

    return mark


def give_back_unsent(request: HttpRequest) -> HttpResponse:
    """A form whose protection expired before its view was asked: signing in, in another tab, made the form old."""
    why = "old_form" if request.user.is_authenticated else "signed_out"
    return _given_back(request, written(request), why=why, status=403)


def give_back_late(request: HttpRequest, *, told: str, address: str) -> HttpResponse:
    """A colleague was first: `told` says with what, and at `address` it is seen how things stand now."""
    context = {"texts": written(request), "why": "late", "told": told, "address": address}
    return render(request, "organisation/text_given_back.html", context, status=409)


def written(request: HttpRequest) -> list[str]:
    """What was posted in the fields that the view is marked with, and in no other: a form for staff can hold a password too."""
    view = request.resolver_match.func if request.resolver_match else None
    texts = (request.POST.get(field, "").strip() for field in getattr(view, "kept_fields", ()))
    return [text for text in texts if text]


def _given_back(request: HttpRequest, texts: list[str], *, why: str, status: int) -> HttpResponse:
    return render(request, "organisation/text_given_back.html", {"texts": texts, "why": why}, status=status)
