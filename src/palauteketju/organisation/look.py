"""The county's own look, read once: every step that draws something asks here."""

from functools import cache
from pathlib import Path

from django.conf import settings

from palauteketju.brand import tokens


@cache
def county_brand() -> tokens.Brand:
    """The brand file in force. Raises tokens.BadBrand; `palauteketju check` reports it before anything starts."""
    return tokens.load(Path(settings.BRAND_FILE) if settings.BRAND_FILE else None)
