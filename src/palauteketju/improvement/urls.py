from django.urls import path

from palauteketju.improvement import views

app_name = "improvement"
urlpatterns = [
    path("toimenpiteet/", views.list_measures, name="measures"),
    path("toimenpiteet/uusi/", views.record_measure, name="record"),
    path("toimenpiteet/<int:measure_id>/", views.show_measure, name="measure"),
    path("toimenpiteet/<int:measure_id>/muokkaa/", views.revise_measure, name="revise"),
    path("toimenpiteet/<int:measure_id>/hyvaksy/", views.approve_measure, name="approve"),
    path("toimenpiteet/<int:measure_id>/palauta/", views.return_measure, name="return"),
    path("toimenpiteet/<int:measure_id>/valmis/", views.complete_measure, name="complete"),
]
