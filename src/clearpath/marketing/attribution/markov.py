"""The removal effect: how many would have converted if one channel had led nowhere.

People walk from touch to touch as a first-order Markov chain, with the frequencies of all paths, also of those that
ended without a conversion. A channel that is removed leads to the end. Its removal effect is the share of conversions
that is lost: the chance that a walk which converts passes through it.
Source: Anderl, Becker, von Wangenheim and Schumann, "Mapping the customer journey", IJRM 33 (2016), 457-474.
"""

import numpy as np
from numpy.typing import NDArray

from clearpath.marketing.attribution.paths import Paths, tally

FINENESS = 10**12  # effects that differ by less are the same: what differs is the rounding of the computer
Shares = NDArray[np.float64]


def removal_effects(paths: Paths) -> Shares:
    """The removal effect of every channel, from 0 to 1; zero for all when nobody converted.

    Solved once for all channels: a walk that passes through a channel reaches it, and converts from there.
    """
    begin, onward, convert = chain(paths)
    steps = np.linalg.inv(np.eye(len(paths.channels)) - onward)  # how often a walk from one comes by another
    converts = steps @ convert
    reached = begin @ steps / np.diag(steps)
    base = float(begin @ converts)
    return reached * converts / base if base > 0 else np.zeros(len(paths.channels))


def chain(paths: Paths) -> tuple[Shares, Shares, Shares]:
    """Where walks begin, where they go from each channel, and how often they convert there.

    A channel that follows itself is one stay: how long it lasts changes no removal effect.
    """
    count = len(paths.channels)
    firsts, lasts = paths.touches[paths.ends - paths.lengths], paths.touches[paths.ends - 1]
    people = np.repeat(paths.total, paths.lengths)[:-1]
    before, after = paths.touches[:-1], paths.touches[1:]
    steps = before != after
    steps[paths.ends[:-1] - 1] = False  # from the end of one path to the start of the next goes nobody
    keys, sums = tally(before[steps] * count + after[steps], people[steps])
    onward = np.zeros((count, count))
    onward.flat[keys] = sums
    begin, ended, converted = (
        np.bincount(at, weights, count)
        for at, weights in ((firsts, paths.total), (lasts, paths.total), (lasts, paths.converted))
    )
    leaving = np.maximum(onward.sum(axis=1) + ended, 1)  # a channel through which nobody went leads nowhere
    return begin / max(1, begin.sum()), onward / leaving[:, None], converted / leaving


def weights(paths: Paths) -> list[int]:
    return [round(effect * FINENESS) for effect in removal_effects(paths).tolist()]
