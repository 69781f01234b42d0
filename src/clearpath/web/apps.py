from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "clearpath.web"
    label = "web"
