from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "palauteketju.insight"
