from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "clearpath.journeys"
