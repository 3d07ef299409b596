"""The few filters and tags that the shared page parts need: `{% load ui_parts %}`.

Where there is no brand (a page about an error that nothing prepared), Django hands in an empty text or None.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import Protocol

from django import template
from django.forms import BaseForm
from django.utils.html import format_html

from palauteketju.privacy.written_language import written_language

register = template.Library()


class Named(Protocol):
    """What is called something in each language: the brand."""

    def name(self, language: str) -> str: ...
    def short_name(self, language: str) -> str: ...
    def promise(self, language: str) -> str: ...


@register.filter
def name_in(brand: Named | str | None, language: str) -> str:
    """The county's name: `{{ brand|name_in:LANGUAGE_CODE }}`; empty on pages shown when nothing else works."""
    return "" if brand is None or isinstance(brand, str) else brand.name(language)


@register.filter
def short_name_in(brand: Named | str | None, language: str) -> str:
    """The county's short name, where there is little room."""
    return "" if brand is None or isinstance(brand, str) else brand.short_name(language)


@register.filter
def promise_in(brand: Named | str | None, language: str) -> str:
    """What the county promises to whoever gives feedback."""
    return "" if brand is None or isinstance(brand, str) else brand.promise(language)


@register.filter
def beside(row: Sequence[str], head: Sequence[str]) -> list[tuple[str, str]]:
    """Each cell of a row with the head of its column, for tables whose cells carry their label on a phone."""
    return list(zip_longest(row, head[: len(row)], fillvalue=""))


@register.filter
def mistakes(form: BaseForm) -> list[tuple[str, str]]:
    """What is wrong with a form's fields, each as where it is mended ("" for a hidden field) and in words.

    Words that do not tell the field by themselves ("Choose one." of two questions) are said with its label.
    """
    found = [(field, str(error)) for field in form for error in field.errors]
    how_often = Counter(error for _, error in found)
    return [
        (
            "" if field.is_hidden else f"#{field.auto_id}{'_0' if field.use_fieldset else ''}",
            f"{field.label}: {error}" if how_often[error] > 1 else error,
        )
        for field, error in found
    ]


@register.simple_tag
def in_its_language(text: str) -> str:
    """A `lang` attribute, so that a text is read aloud as it was written; nothing where it does not tell."""
    language = written_language(text)
    return format_html(' lang="{}"', language) if language else ""
