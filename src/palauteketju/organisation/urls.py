from django.urls import path

from palauteketju.organisation.views import administration, sign_in

app_name = "organisation"
urlpatterns = [
    path("kirjaudu/", sign_in.sign_in, name="sign_in"),
    path("kirjaudu/ulos/", sign_in.sign_out, name="sign_out"),
    path("kirjaudu/alku/", sign_in.begin, name="begin"),
    path("kirjaudu/salasana/", sign_in.change_password, name="change_password"),
    path("hallinta/", administration.units, name="administration"),
    path("hallinta/henkilot/", administration.people, name="people"),
    path("hallinta/henkilot/uusi/", administration.add_person, name="add_person"),
    path("hallinta/henkilot/<int:person_id>/", administration.person, name="person"),
    path("hallinta/henkilot/<int:person_id>/tili/", administration.change_account, name="change_account"),
    path("hallinta/roolit/<int:role_id>/poista/", administration.take_role, name="take_role"),
    path("hallinta/liittymat/", administration.integrations, name="integrations"),
    path(
        "hallinta/liittymat/<int:integration_id>/sulje/",
        administration.revoke_integration,
        name="revoke_integration",
    ),
    path("hallinta/loki/", administration.trail, name="trail"),
]
