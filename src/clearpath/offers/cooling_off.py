"""The time to think an offer over, as the network's rule says."""

from datetime import datetime, timedelta
from functools import cache
from importlib import resources

import yaml


@cache
def cooling_off() -> timedelta:
    """How long after an offer was first compared it can be accepted; the rule is data/cooling_off.yaml."""
    text = resources.files("clearpath.offers").joinpath("data", "cooling_off.yaml").read_text(encoding="utf-8")
    return timedelta(hours=int(yaml.safe_load(text)["hours"]))


def possible_from(seen_at: datetime) -> datetime:
    """The moment from which an offer that was first compared then can be accepted."""
    return seen_at + cooling_off()
