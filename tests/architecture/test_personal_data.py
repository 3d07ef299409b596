"""Every column that can hold what people wrote or who they are has a line in docs/privacy.md."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

FREE = (
    models.TextField,
    models.CharField,
    models.BinaryField,
    models.JSONField,
    models.EmailField,
    models.UUIDField,
)
# | `intake_feedback.text` | what it is | how long |
_LINE = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def free_columns():
    for model in apps.get_models():
        if model._meta.app_label in ["audit", *settings.STEPS]:
            for field in model._meta.concrete_fields:
                if isinstance(field, FREE) and not field.choices:
                    yield f"{model._meta.db_table}.{field.column}"


def lines():
    return set(_LINE.findall((Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")))


def test_every_free_column_has_its_line_and_its_end():
    assert set(free_columns()) - lines() == set()


def test_no_line_tells_of_a_column_that_is_gone():
    assert lines() - set(free_columns()) == set()
