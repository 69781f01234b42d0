from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "clearpath.trust"
