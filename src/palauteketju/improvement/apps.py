from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "palauteketju.improvement"
