import os

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs an event loop of its own


@pytest.fixture(scope="session", autouse=True)
def _files_without_collecting_them():
    """For the whole session, because the live server reads it once, at its start."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(WHITENOISE_AUTOREFRESH=True, STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = "--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run"
    offline = "--disable-background-networking --disable-component-update --disable-sync"
    return {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        "args": [*quiet.split(), *offline.split()],
    }


@pytest.fixture(scope="session")
def base_url():
    """In place of the plugin's own, which this pytest warns about."""
    return ""
