"""How many examples a property is asked with: all of them in `make test-slow`, a part of them in `make test`."""

from hypothesis import settings

FEWEST = 20


def examples(whole: int) -> int:
    """As many of `whole` as the profile takes of a hundred."""
    return min(whole, max(FEWEST, whole * settings.default.max_examples // 100))
