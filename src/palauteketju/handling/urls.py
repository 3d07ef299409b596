"""The addresses of handling."""

from django.urls import path

from palauteketju.handling.views import cases, raw, receipts, worklist

app_name = "handling"
urlpatterns = [
    path("tyolista/", worklist.show, name="worklist"),
    path("kasittely/<int:case_id>/", cases.show, name="case"),
    path("kasittely/<int:case_id>/vastaa/", cases.reply, name="reply"),
    path("kasittely/<int:case_id>/kirjaa/", cases.record, name="record"),
    path("kasittely/<int:case_id>/sulje/", cases.close, name="close"),
    path("kasittely/<int:case_id>/yhteystiedot/", cases.contact, name="contact"),
    path("palautteet/", raw.show, name="raw_feedback"),
    path("palautteet/<int:feedback_id>/avaa/", raw.open_case, name="open_case"),
    path("palautteeni/", receipts.show, name="receipt"),
    path("palautteeni/viesti/", receipts.write, name="receipt_message"),
]
