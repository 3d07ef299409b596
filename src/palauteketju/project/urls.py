"""The root addresses. Finnish in the address, because customers read them aloud."""

from django.urls import include, path

from palauteketju.project import api, error_pages, health, scripts, stylesheets

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("ui/<slug:name>-<slug:digest>.css", stylesheets.serve),
    path("ui/<slug:name>-<slug:digest>.js", scripts.serve),
    path("api/v1/", api.urls),
    path("", include("palauteketju.organisation.urls")),
    path("", include("palauteketju.intake.urls")),
    path("", include("palauteketju.sms.urls")),
    path("", include("palauteketju.handling.urls")),
    path("", include("palauteketju.insight.urls")),
    path("", include("palauteketju.improvement.urls")),
    path("", include("palauteketju.publishing.urls")),
]

handler400 = error_pages.bad_request
handler403 = error_pages.forbidden
handler404 = error_pages.not_found
handler500 = error_pages.server_error
