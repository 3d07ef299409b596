"""The root addresses. Finnish in the address, because customers read them aloud."""

from django.urls import include, path

from palauteketju.project import api, assets, error_pages, health

urlpatterns = [
    # The customer's pages first: they are asked for most, and each pattern before theirs costs.
    path("", include("palauteketju.intake.urls")),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("ui/<slug:name>-<slug:digest>.css", assets.serve, {"kind": "css"}),
    path("ui/<slug:name>-<slug:digest>.js", assets.serve, {"kind": "js"}),
    path("api/v1/", api.urls),
    path("", include("palauteketju.organisation.urls")),
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
