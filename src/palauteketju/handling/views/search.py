"""/tyolista/haku/: cases by words of their text, or one by its number. Posted, so that what is looked for stands in no address and no log."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palauteketju.handling import access, actions
from palauteketju.handling.cases import search, wording
from palauteketju.handling.cases.matters import matters_of
from palauteketju.handling.forms.cases import SearchForm
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role

ROWS: Final = 25
# Whoever has looked through so many adds a word.
LAST_PAGE: Final = 40


@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    typed = request.POST.get("words", "").strip()
    if typed.isdecimal() and len(typed) < 19 and (case := access.handled_case(request.user, int(typed))):
        return redirect("handling:case", case.pk)
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "handling/search.html", {"form": form}, status=status)
    at = timezone.now()
    page = _page(request.POST.get("sivu", ""))
    found = search.cases_with(search.words_of(form.cleaned_data["words"]), handled_by=request.user)
    # One more than is shown tells whether there is a next page, without counting them all.
    cases = list(found[(page - 1) * ROWS : page * ROWS + 1])
    shown = cases[:ROWS]
    actions.record_search([case.pk for case in shown], by=request.user, at=at)
    matters = matters_of(shown)
    context = {
        "form": form,
        "rows": [wording.found_row(case, at=at, matter=matters.get(case.pk, "")) for case in shown],
        "page_number": page,
        "previous": page - 1,
        "next": page + 1 if len(cases) > ROWS and page < LAST_PAGE else 0,
        "is_done": True,
        "place": _("Page %(number)s") % {"number": page} if page > 1 else "",
    }
    return render(request, "handling/search.html", context)


def _page(given: str) -> int:
    return min(max(int(given), 1), LAST_PAGE) if given.isdecimal() and len(given) < 4 else 1
