"""Who tries too many passwords waits, and is told so on a page of ours in their language."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Too many attempts to sign in"),
        ("ar", "محاولات كثيرة جدًا لتسجيل الدخول"),
        ("tr", "Çok fazla giriş denemesi yapıldı"),
    ],
)
def test_too_many_wrong_passwords_end_on_a_page_that_says_what_to_do(client, settings, language, said):
    settings.AXES_FAILURE_LIMIT = 2
    wrong = {"login": f"{language}@example.org", "password": "not this"}

    answers = [client.post(reverse("account_login"), wrong, HTTP_ACCEPT_LANGUAGE=language) for _attempt in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert f"<h1>{said}</h1>" in answers[-1].content.decode()
