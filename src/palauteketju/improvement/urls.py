from django.urls import path

from palauteketju.improvement import board_views, meeting_views, report_views, views

app_name = "improvement"
urlpatterns = [
    path("raportit/<str:code>/", report_views.show_report, name="report"),
    path("raportit/<str:code>/taulu/", board_views.show_board, name="board"),
    path("raportit/<str:code>/taulu/avaa/", board_views.open_board, name="open_board"),
    path("raportit/<str:code>/taulu/sulje/", board_views.close_board, name="close_board"),
    path("raportit/<str:code>/taulu/<str:token>/", board_views.show_board_on_screen, name="screen"),
    path("raportit/<str:code>/kokous/", meeting_views.hold_meeting, name="meeting"),
    path("raportit/<str:code>/kokoukset/", meeting_views.list_meetings, name="meetings"),
    path("raportit/<str:code>/<str:period>.<str:form>", report_views.download_report, name="download"),
    path("toimenpiteet/", views.list_measures, name="measures"),
    path("toimenpiteet/uusi/", views.record_measure, name="record"),
    path("toimenpiteet/<int:measure_id>/", views.show_measure, name="measure"),
    path("toimenpiteet/<int:measure_id>/muokkaa/", views.revise_measure, name="revise"),
    path("toimenpiteet/<int:measure_id>/hyvaksy/", views.approve_measure, name="approve"),
    path("toimenpiteet/<int:measure_id>/palauta/", views.return_measure, name="return"),
    path("toimenpiteet/<int:measure_id>/valmis/", views.complete_measure, name="complete"),
]
