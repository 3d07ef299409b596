"""Which wordings have been in use."""

from django.db import models


class UsedQuestionSet(models.Model):
    """A version that customers may have answered: from then on its wording is fixed."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
