from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "clearpath.marketing"
