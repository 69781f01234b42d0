from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "clearpath.forums"
