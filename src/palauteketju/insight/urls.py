from django.urls import path

from palauteketju.insight import views

app_name = "insight"
urlpatterns = [
    path("raportit/", views.list_reports, name="reports"),
    path("raportit/<str:code>/", views.show_report, name="report"),
    path("raportit/<str:code>/<str:week>.pdf", views.download_report, name="report_pdf"),
]
