from django.apps import AppConfig


class TurnsConfig(AppConfig):
    name = "clearpath.turns"
