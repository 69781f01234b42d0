import pytest

from tests.stories.people import Story


@pytest.fixture
def story(browser, live_server, settings):
    """Nobody has joined it yet. A slow hash of passwords is not the story, nor is signing in again after a year."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SESSION_COOKIE_AGE = 400 * 24 * 3600
    told = Story(browser, live_server.url)
    yield told
    for page in told.pages.values():
        page.context.close()
