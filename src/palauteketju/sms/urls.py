from django.urls import path

from palauteketju.sms import views

app_name = "sms"
urlpatterns = [
    path("v/<str:token>/", views.answer_survey, name="answer_survey"),
    # Some phones leave the last slash out of the link.
    path("v/<str:token>", views.answer_survey),
    path("tekstiviestikysely/", views.about_surveys, name="about_surveys"),
    path("puhelin/", views.phones, name="phones"),
]
