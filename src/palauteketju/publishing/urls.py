from django.urls import path

from palauteketju.publishing import material_views, open_pages, views

app_name = "publishing"
urlpatterns = [
    path("tulokset/", views.county_results, name="county_results"),
    path("tulokset/syote.xml", views.measures_feed, name="measures_feed"),
    path("tulokset/<str:code>/", views.results, name="results"),
    path("palautekanavat/", open_pages.ways_to_give_feedback, name="ways_to_give_feedback"),
    path("tietosuoja/", open_pages.privacy, name="privacy"),
    path("saavutettavuus/", open_pages.accessibility, name="accessibility"),
    path("materiaalit/", material_views.all_materials, name="materials"),
    path("materiaalit/<str:code>/", material_views.unit_materials, name="unit_materials"),
    path("materiaalit/<str:code>/juliste.pdf", material_views.poster, name="poster"),
    path("materiaalit/<str:code>/kortti.png", material_views.card, name="card"),
]
