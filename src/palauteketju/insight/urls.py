from django.urls import path

from palauteketju.insight import comparison_views, order_views, views

app_name = "insight"
urlpatterns = [
    path("raportit/", views.list_reports, name="reports"),
    path("raportit/tilaus/", order_views.order_reports, name="order"),
    path("raportit/<str:code>/vertailu/", comparison_views.compare, name="comparison"),
]
