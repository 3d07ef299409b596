import pytest

from palauteketju.organisation.models import Unit


@pytest.fixture
def dental(units):
    """A third unit in the area of keskusta and psyk."""
    names = {"name_fi": "Hammashoitola", "name_sv": "Tandvård", "name_en": "Dental care"}
    return Unit.objects.create(code="hammas", slug="hammas", kind="unit", parent=units.health, **names)
