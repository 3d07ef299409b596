"""Every address says whom it is for: a view without its mark would be open to whoever guesses the address."""

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, path

from palauteketju.organisation.audience import for_everyone

AUDIENCES = {"everyone", "staff", "machines"}


def views_of(patterns, prefix=""):
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from views_of(pattern.url_patterns, address)


def unmarked(patterns):
    return [
        address for address, view in views_of(patterns) if getattr(view, "audience", None) not in AUDIENCES
    ]


def test_every_view_says_whom_it_is_for():
    assert unmarked(get_resolver().url_patterns) == []


def test_the_pages_when_nothing_can_be_shown_are_for_everyone():
    resolver = get_resolver()
    for status in (400, 403, 404, 500):
        assert resolver.resolve_error_handler(status).audience == "everyone"


def test_a_view_without_a_mark_would_be_found():
    def view(request):
        return HttpResponse()

    assert unmarked([path("marked/", for_everyone(view)), path("unmarked/", view)]) == ["unmarked/"]


def test_a_view_in_an_included_part_would_be_found():
    def view(request):
        return HttpResponse()

    assert unmarked([path("part/", ([path("unmarked/", view)], "part", "part"))]) == ["part/unmarked/"]


@pytest.mark.parametrize("address", ["tyolista/", "hallinta/", "hallinta/loki/", "kirjaa/"])
def test_staff_addresses_are_for_staff(address):
    views = dict(views_of(get_resolver().url_patterns))
    assert views[address].audience == "staff"
