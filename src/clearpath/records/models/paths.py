"""What the tables of this package point to."""

from django.conf import settings

PERSON = settings.AUTH_USER_MODEL
JOURNEY = "journeys.Journey"
LANE = "turns.Lane"
