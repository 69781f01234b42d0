"""The seven models by name, with one plain sentence each on what it assumes."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clearpath.core.money import split_by_weight
from clearpath.marketing.attribution import markov, rules
from clearpath.marketing.attribution.paths import Paths

HALF_LIFE = 1.0  # touches
Weigh = Callable[[Paths, float], list[int]]


@dataclass(frozen=True)
class Model:
    """`weigh` says how much each channel is due, as whole numbers of which only the ratios count.

    `by_path`: what it gives for all paths is the sum of what it gives for each alone.
    """

    title: Promise
    assumes: Promise
    weigh: Weigh
    by_path: bool = True


def by_rule(rule: rules.Rule) -> Weigh:
    return lambda paths, _half_life: rules.weights(paths.paying, rule)


def by_time_decay(paths: Paths, half_life: float) -> list[int]:
    return rules.weights(paths.paying, rules.time_decay(half_life))


def by_markov(paths: Paths, _half_life: float) -> list[int]:
    return markov.weights(paths)


def by_shapley(paths: Paths, _half_life: float) -> list[int]:
    """In closed form: what a set of channels brought is shared equally among them.

    A coalition is worth what the paths that use only its channels brought. So the game is a sum of games, one for each
    set of channels that some path used, in which only the whole set brings anything; there, all members are alike.
    Source: Zhao, Mahboobi and Bagheri, "Shapley Value Methods for Attribution Modeling in Online Advertising", 2018,
    arXiv:1804.05327, the simplified formula.
    """
    return rules.weights(paths.paying.once, rules.linear)


MODELS: dict[str, Model] = {
    "first": Model(
        _("First touch"),
        _("Assumes that only the first touch counts: it woke the interest, and all others would have come anyway."),
        by_rule(rules.first),
    ),
    "last": Model(
        _("Last touch"),
        _("Assumes that only the last touch counts: without it, all before would have been for nothing."),
        by_rule(rules.last),
    ),
    "linear": Model(
        _("Linear"),
        _("Assumes that every touch of a path counts the same, wherever it stands and however often it repeats."),
        by_rule(rules.linear),
    ),
    "time_decay": Model(
        _("Time decay"),
        _("Assumes that a touch counts the more the nearer it is to the end: one half-life earlier counts half."),
        by_time_decay,
    ),
    "position": Model(
        _("Position"),
        _("Assumes that the first and the last touch count 40 percent each, and that all between share 20 percent."),
        by_rule(rules.position),
    ),
    "markov": Model(
        _("Markov"),
        _(
            "Assumes that the next touch depends only on the one before; a channel counts by how many conversions "
            "would be lost if it led nowhere."
        ),
        by_markov,
        by_path=False,
    ),
    "shapley": Model(
        _("Shapley value"),
        _(
            "Assumes that the channels of a path brought its result together and that each was needed; order and "
            "repetition do not count."
        ),
        by_shapley,
    ),
}


def divide(paths: Paths, model: str, *, half_life: float = HALF_LIFE) -> list[int]:
    """What each of `paths.channels` is credited with, in minor units; together exactly `paths.whole`."""
    whole = paths.whole
    return split_by_weight(whole, MODELS[model].weigh(paths, half_life)) if whole else [0] * len(paths.channels)
