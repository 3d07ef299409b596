from django.apps import AppConfig


class HandlingConfig(AppConfig):
    name = "palauteketju.handling"
