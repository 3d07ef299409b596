"""`{% load days %}`: `{{ case.due|day_in_words }}`, `{{ entry.at|moment_in_words }}`."""

from django import template

from palauteketju.organisation import days

register = template.Library()
register.filter("day_in_words", days.day_in_words)
register.filter("moment_in_words", days.moment_in_words)
