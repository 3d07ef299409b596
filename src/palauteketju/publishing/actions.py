"""Publishing: everything the public may see, written as files in one go."""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone, translation

from palauteketju.improvement.handover import published_measures
from palauteketju.insight.handover import last_public_closing
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.models import Unit
from palauteketju.publishing import feed, folders, open_data, pages, queries
from palauteketju.publishing.relocation import relocated
from palauteketju.ui.stylesheets import customer_css, fingerprint

logger = logging.getLogger(__name__)

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def publish(output: Path, *, at: datetime) -> int:
    """Write the public site into `output`, whole or not at all; returns how many pages it has.

    Raises FolderRefused for a folder that is not ours. Without an organisation there is nothing to publish: 0.
    """
    today = timezone.localtime(at).date()
    # Asked before the figures are: a measure that comes meanwhile makes the next publication due.
    mark = {"published_on": today.isoformat(), "state": _state()}
    results = queries.all_results(today)
    county = next((each for each in results if each.scope.kind == Unit.Kind.COUNTY), None)
    if county is None:
        return 0
    style = customer_css(county_brand())
    site = _Site(results, county, today, style, _files([each.scope for each in results], fingerprint(style)))

    def write(folder: Path) -> None:
        for file, content in _contents(site):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        (folder / folders.MARK).write_text(json.dumps(mark), encoding="utf-8")

    folders.swap_in(output, write)
    pages_written = len(results) * len(LANGUAGES)
    logger.info("publishing.published pages=%d", pages_written)
    return pages_written


def is_due(*, at: datetime) -> bool:
    """Whether new figures or measures have come since the last publication, or a day has passed."""
    try:
        mark = json.loads((Path(settings.PUBLISHED_DIR) / folders.MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    return bool(mark != {"published_on": timezone.localtime(at).date().isoformat(), "state": _state()})


def _state() -> str:
    """A digest of what calls for a new publication at once; the rest waits for the next day. A few queries."""
    measures = [
        (measure.id, measure.title, measure.text, measure.effect, measure.done_on)
        for measure in published_measures(None)
    ]
    parts = (last_public_closing(), measures, fingerprint(customer_css(county_brand())))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True)
class _Site:
    """All that is published at one time."""

    results: Sequence[queries.Results]
    county: queries.Results
    day: date
    style: str
    # The file of each address in each language.
    files: Mapping[tuple[str, str], str]

    @property
    def style_address(self) -> str:
        return _style_address(fingerprint(self.style))


def _style_address(style: str) -> str:
    return f"/ui/customer-{style}.css"


def _files(scopes: Sequence[Unit], style: str) -> dict[tuple[str, str], str]:
    files = {}
    for language in LANGUAGES:
        files[_style_address(style), language] = f"ulkoasu-{style}.css"
        files[pages.FEED, language] = f"{language}/syote.xml"
        for scope in scopes:
            folder = language if scope.kind == Unit.Kind.COUNTY else f"{language}/{scope.slug}"
            files[pages.address_of(scope), language] = f"{folder}/index.html"
            files[pages.data_address_of(scope), language] = f"tiedot/{scope.slug}.json"
    return files


def _contents(site: _Site) -> Iterator[tuple[str, bytes]]:
    """Every file of the site with its content, one at a time."""
    yield site.files[site.style_address, LANGUAGES[0]], site.style.encode()
    for each in queries.with_measures(site.results):
        data = json.dumps(open_data.as_json(each), ensure_ascii=False, indent=1)
        yield site.files[pages.data_address_of(each.scope), LANGUAGES[0]], data.encode()
    for language in LANGUAGES:
        with translation.override(language):
            yield from _in_language(site, language)


def _in_language(site: _Site, language: str) -> Iterator[tuple[str, bytes]]:
    template = get_template(pages.TEMPLATE)
    areas = queries.units_by_area(site.day)
    around = {
        "brand": county_brand(),
        "languages": [(code, name, f"?kieli={code}") for code, name in settings.LANGUAGES],
        "stylesheets": {"customer": site.style_address},
    }
    for each in queries.with_measures(site.results):
        scope = each.scope
        is_county = scope == site.county.scope
        listed = areas if is_county else [area for area in areas if area.area == scope]
        marks = [] if is_county else site.county.figures
        html = template.render(
            {**around, **pages.context_of(each, county=marks, areas=listed, today=site.day)}
        )
        address = pages.address_of(scope)
        file = site.files[address, language]
        # Whoever opens the folder itself gets the county's page in Finnish.
        for here in (file, "index.html") if is_county and language == LANGUAGES[0] else (file,):
            moved = relocated(
                html, here=here, at=address, files=site.files, site=settings.PUBLIC_ADDRESS, language=language
            )
            yield here, moved.encode()
        if is_county:
            news = feed.feed_of(scope, each.measures, site=settings.PUBLIC_ADDRESS, language=language)
            yield site.files[pages.FEED, language], news
