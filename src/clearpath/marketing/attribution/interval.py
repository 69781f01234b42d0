"""How far the credits can be trusted where few converted: the bootstrap.

As many people are drawn again and again from those who came, and what they brought is divided anew each time. The
interval is where 95 of 100 draws lie. It says how much chance alone could change, not whether a model is right; and as
a line tells only what its people brought together, each of them is taken to have brought the same.
Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13, the percentile interval.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from clearpath.marketing.attribution.models import HALF_LIFE, MODELS, divide
from clearpath.marketing.attribution.paths import Paths, Whole

SMALL = 1_000  # with more conversions than this, chance moves the credits little
DRAWS = 400
SEED = 20_181_804  # the same file has the same interval
OUTER = (2.5, 97.5)  # per cent of the draws

Interval = list[tuple[int, int]]
Credits = NDArray[np.float64]
Tell = Callable[[int, int], object]


def is_small(paths: Paths) -> bool:
    return 0 < int(paths.converted.sum()) < SMALL


def interval(
    paths: Paths, models: Iterable[str], *, half_life: float = HALF_LIFE, tell: Tell | None = None
) -> dict[str, Interval]:
    """For each model the lowest and highest credit of each channel, in minor units."""
    merged = paths.merged
    paying = np.flatnonzero(merged.value > 0)
    names = list(models)
    shares = {name: _shares(merged, paying, name, half_life) for name in names if MODELS[name].by_path}
    found: dict[str, list[Credits]] = {name: [] for name in names}
    for done, drawn in enumerate(_draws(merged), start=1):
        for name, drawn_credits in found.items():
            if name in shares:
                drawn_credits.append(drawn.value[paying] @ shares[name])
            else:
                drawn_credits.append(np.array(divide(drawn, name, half_life=half_life), np.float64))
        if tell:
            tell(done, DRAWS)
    return {name: _outer(drawn_credits) for name, drawn_credits in found.items()}


def _shares(paths: Paths, paying: Whole, model: str, half_life: float) -> Credits:
    """What part of each paying path goes to each channel, so that no draw divides it again."""
    shares = np.zeros((len(paying), len(paths.channels)))
    for row, path in enumerate(paying):
        weights = MODELS[model].weigh(paths.at(int(path)), half_life)
        whole = sum(weights)
        shares[row] = [weight / whole for weight in weights]
    return shares


def _draws(paths: Paths) -> Iterator[Paths]:
    """As many people again, each with the chance that the file gives to their path and its end."""
    chance = np.random.default_rng(SEED)
    people = np.concatenate([paths.converted, paths.total - paths.converted])
    brought = paths.value / np.maximum(1, paths.converted)
    for _ in range(DRAWS):
        converted, not_converted = chance.multinomial(people.sum(), people / people.sum()).reshape(2, -1)
        value = np.rint(brought * converted).astype(np.int64)
        yield replace(paths, total=converted + not_converted, converted=converted, value=value)


def _outer(drawn: list[Credits]) -> Interval:
    low, high = np.percentile(np.array(drawn), OUTER, axis=0).round(6)  # what differs less is rounding
    return list(zip(np.floor(low).astype(int).tolist(), np.ceil(high).astype(int).tolist(), strict=True))
