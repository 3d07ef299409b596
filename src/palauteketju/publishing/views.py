"""Results for everybody."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from palauteketju.improvement.handover import published_measures
from palauteketju.insight.handover import county_public_figures
from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import county
from palauteketju.publishing import feed, pages, queries


@for_everyone
@require_safe
def county_results(request: HttpRequest) -> HttpResponse:
    """The county's results, and the way to each unit's."""
    scope = county()
    if scope is None:
        raise Http404
    today, words = timezone.localdate(), request.GET.get("haku", "")[:100].strip()
    areas = queries.units_by_area(today, words=words)
    results = queries.results_of(scope)
    return render(
        request, pages.TEMPLATE, pages.context_of(results, county=[], areas=areas, today=today, words=words)
    )


@for_everyone
@require_safe
def results(request: HttpRequest, code: str) -> HttpResponse:
    """An area's or a unit's results; a closed unit keeps its page."""
    today = timezone.localdate()
    scope = queries.scope_at_address(code, day=today)
    if scope is None:
        raise Http404
    if scope.kind == Unit.Kind.COUNTY:
        return redirect("publishing:county_results")
    areas = queries.units_by_area(today, within=scope) if scope.kind == Unit.Kind.AREA else []
    context = pages.context_of(
        queries.results_of(scope), county=county_public_figures(), areas=areas, today=today
    )
    return render(request, pages.TEMPLATE, context)


@for_everyone
@require_safe
def measures_feed(_request: HttpRequest) -> HttpResponse:
    scope = county()
    if scope is None:
        raise Http404
    content = feed.feed_of(
        scope,
        published_measures(None),
        site=settings.PUBLIC_ADDRESS,
        language=translation.get_language() or "fi",
    )
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
