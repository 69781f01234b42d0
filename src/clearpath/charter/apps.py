from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "clearpath.charter"
    label = "charter"
