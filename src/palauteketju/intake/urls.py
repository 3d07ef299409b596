from django.urls import path

from palauteketju.intake.views import customer, key_in

app_name = "intake"
urlpatterns = [
    path("", customer.find_unit, name="find_unit"),
    path("p/<str:code>/", customer.give_feedback, name="give_feedback"),
    # Typed from a poster, the last slash is easily left out.
    path("p/<str:code>", customer.give_feedback),
    path("muut-reitit/", customer.other_routes, name="other_routes"),
    path("kirjaa/", key_in.choose_unit, name="choose_unit"),
    path("kirjaa/<str:code>/", key_in.key_in, name="key_in"),
]
