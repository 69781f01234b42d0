"""How far the credits can be trusted where few converted: the bootstrap.

As many people are drawn again and again from those who came, and what they brought is divided anew each time. The
interval is where 95 of 100 draws lie. It says how much chance alone could change, not whether a model is right; and as
a line tells only what its people brought together, each of them is taken to have brought the same.
Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13, the percentile interval.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from clearpath.marketing.attribution.models import HALF_LIFE, divide
from clearpath.marketing.attribution.paths import Paths

SMALL = 1_000  # with more conversions than this, chance moves the credits little
DRAWS = 400
SEED = 20_181_804  # the same file has the same interval
OUTER = (2.5, 97.5)  # per cent of the draws

Interval = list[tuple[int, int]]
Tell = Callable[[int, int], object]


def is_small(paths: Paths) -> bool:
    return 0 < int(paths.converted.sum()) < SMALL


def interval(
    paths: Paths, models: Iterable[str], *, half_life: float = HALF_LIFE, tell: Tell | None = None
) -> dict[str, Interval]:
    """For each model the lowest and highest credit of each channel, in minor units."""
    found: dict[str, list[list[int]]] = {name: [] for name in models}
    for done, drawn in enumerate(_draws(paths.merged), start=1):
        for name, credits_drawn in found.items():
            credits_drawn.append(divide(drawn, name, half_life=half_life))
        if tell:
            tell(done, DRAWS)
    return {name: _outer(credits_drawn) for name, credits_drawn in found.items()}


def _draws(paths: Paths) -> Iterator[Paths]:
    """As many people again, each with the chance that the file gives to their path and its end."""
    chance = np.random.default_rng(SEED)
    people = np.concatenate([paths.converted, paths.total - paths.converted])
    brought = paths.value / np.maximum(1, paths.converted)
    for _ in range(DRAWS):
        converted, not_converted = chance.multinomial(people.sum(), people / people.sum()).reshape(2, -1)
        value = np.rint(brought * converted).astype(np.int64)
        yield replace(paths, total=converted + not_converted, converted=converted, value=value)


def _outer(drawn: list[list[int]]) -> Interval:
    low, high = np.percentile(np.array(drawn), OUTER, axis=0)
    return list(zip(np.floor(low).astype(int).tolist(), np.ceil(high).astype(int).tolist(), strict=True))
