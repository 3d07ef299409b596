"""Materials for those who tell customers how to give feedback and what it has changed."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Unit
from palauteketju.publishing import access, materials

_ON_A_PAGE = 25
_LANGUAGES = dict(settings.LANGUAGES)


@for_staff(*READERS)
@require_safe
def all_materials(request: StaffRequest) -> HttpResponse:
    """One's own places, to choose from."""
    words = request.GET.get("haku", "")[:100].strip()
    places = access.places_of(request.user, day=timezone.localdate(), words=words)
    page = Paginator(places, _ON_A_PAGE).get_page(request.GET.get("sivu"))
    return render(request, "publishing/materials.html", {"pages": page, "words": words})


@for_staff(*READERS)
@require_safe
def unit_materials(request: StaffRequest, code: str) -> HttpResponse:
    """All that there is of one place, in each language, the reader's own first."""
    place = access.get_place_or_404(request.user, code)
    own = translation.get_language()
    languages = sorted(_LANGUAGES, key=lambda language: language != own)
    context = {
        "place": place,
        "languages_of_materials": [_in_language(place, language) for language in languages],
        "form_address": materials.form_address(place),
        "results_address": materials.results_address(place),
        "is_closed": not place.is_open_on(timezone.localdate()),
    }
    return render(request, "publishing/unit_materials.html", context)


def _in_language(place: Unit, language: str) -> dict[str, object]:
    with translation.override(language):
        return {
            "language": language,
            "name": _LANGUAGES[language],
            "alt": materials.card_of(place, language=language).alt,
            "texts": materials.ready_texts(place),
        }


@for_staff(*READERS)
@require_safe
def poster(request: StaffRequest, code: str) -> HttpResponse:
    """The poster as a download, in the language of `?kieli=`."""
    place = access.get_place_or_404(request.user, code)
    language = translation.get_language() or "fi"
    return _file(
        materials.poster(place, language=language), "application/pdf", f"{place.slug}-juliste-{language}.pdf"
    )


@for_staff(*READERS)
@require_safe
def card(request: StaffRequest, code: str) -> HttpResponse:
    place = access.get_place_or_404(request.user, code)
    language = translation.get_language() or "fi"
    return _file(
        materials.card_picture(place, language=language), "image/png", f"{place.slug}-kortti-{language}.png"
    )


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
