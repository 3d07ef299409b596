"""The pages of the text-message survey."""

from palauteketju.sms.views.about import about_surveys
from palauteketju.sms.views.phones import phones
from palauteketju.sms.views.survey import answer_survey

__all__ = ["about_surveys", "answer_survey", "phones"]
