"""Words of the directory in templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from clearpath.offers.directory.kinds import KINDS
from clearpath.offers.directory.plan import WORDS
from clearpath.offers.directory.preview import heading_of

register = template.Library()


@register.filter
def kind_title(kind: str) -> Any:
    return KINDS[kind].title


@register.filter
def column_heading(kind: str, column: str) -> Any:
    return heading_of(kind, column)


@register.filter
def change_words(what: str) -> Any:
    return WORDS[what]


@register.filter
def of_key(values: Mapping[str, Any], key: str) -> Any:
    """What a mapping has under a key; empty when it has nothing."""
    return values.get(key, "")


@register.filter
def at(values: Sequence[Any], index: int) -> Any:
    """What stands in a place, counted from 0."""
    return values[index]
