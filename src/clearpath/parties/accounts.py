"""How people come to have an account: by invitation, never by signing themselves up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody opens an account alone: a facilitator, a steward or an organisation invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
