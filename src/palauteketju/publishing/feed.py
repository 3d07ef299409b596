"""The published measures as an Atom feed (RFC 4287), for whoever wants to be told of new ones."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from palauteketju.improvement.handover import PublishedMeasure
from palauteketju.organisation.models import Unit
from palauteketju.publishing.results_page import told

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 50


def feed_of(county: Unit, measures: Sequence[PublishedMeasure], *, site: str, language: str) -> bytes:
    """In the active language, which `language` names. `site` is the program's public address."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": language})
    _add(feed, "title", _("How your feedback has made a difference: %(county)s") % {"county": county.name})
    _add(feed, "id", f"{site}/tulokset/")
    ET.SubElement(feed, f"{{{ATOM}}}link", href=f"{site}/tulokset/?kieli={language}")
    newest = measures[:NEWEST]
    _add(feed, "updated", max((_moment(measure) for measure in newest), default="1970-01-01T00:00:00+00:00"))
    ET.SubElement(ET.SubElement(feed, f"{{{ATOM}}}author"), f"{{{ATOM}}}name").text = county.name
    for measure in newest:
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "title", measure.title, language=measure.language)
        _add(entry, "id", f"{site}/tulokset/#{measure.id}")
        ET.SubElement(entry, f"{{{ATOM}}}link", href=f"{site}/tulokset/{measure.unit.slug}/?kieli={language}")
        _add(entry, "updated", _moment(measure))
        ET.SubElement(entry, f"{{{ATOM}}}content", type="text").text = "\n".join(
            [measure.unit.name, *told(measure)]
        )
    content: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: ET.Element, name: str, text: str, *, language: str = "") -> None:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", {"xml:lang": language} if language else {})
    element.text = text


def _moment(measure: PublishedMeasure) -> str:
    return datetime.combine(measure.published_on, time(), UTC).isoformat()
