"""Rules of advertising have the form that their schema says, and mark what they speak of and nothing else."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from clearpath.marketing import advertising_rules
from clearpath.marketing.advertising_rules import AdvertisingTableError, read
from clearpath.marketing.mark_rows import CONCERNS
from clearpath.marketing.marks import marks_of

EXAMPLES = yaml.safe_load(Path(__file__).with_name("advertising_examples.yaml").read_text(encoding="utf-8"))
RULES = advertising_rules.table().rules
BY_WORDS = [rule for rule in RULES if not rule.concern.always]
GOOD = {
    "groups": {"EU": ["DE"]},
    "concerns": {"guarantee": {"asked": ["doctor"], "words": {"en": ["guarantee*"]}}},
    "rules": [
        {"key": "xx_one", "jurisdiction": "XX", "concern": "guarantee", "says": "No.", "rule": "A law",
         "read_on": "2026-11-26", "sources": ["https://example.org/law"]},
    ],
}  # fmt: skip


def country_of(rule):
    """One country in which the rule holds."""
    return {"*": "ZZ", "EU": "FR"}.get(rule.jurisdiction, rule.jurisdiction)


def keys(text, *countries, has_picture=False):
    return {mark.key for mark in marks_of({"text": text}, countries, has_picture=has_picture)}


@pytest.mark.parametrize("language", ["en", "tr", "ar", "de"])
@pytest.mark.parametrize("rule", BY_WORDS, ids=lambda rule: rule.key)
def test_each_rule_marks_its_words_where_they_stand_and_leaves_other_sentences_alone(rule, language):
    example = EXAMPLES[rule.concern.key][language]
    words, sentence = example["marked"]

    marked = marks_of({"text": sentence}, [country_of(rule)], has_picture=False)

    found = next(mark.found for mark in marked if mark.key == rule.key)
    assert words in [each.words for each in found]
    assert all(sentence[each.start : each.start + len(each.words)] == each.words for each in found)
    assert rule.key not in keys(example["left"], country_of(rule))


def test_a_rule_without_words_is_asked_of_every_advertisement_there_and_nowhere_else():
    always = [rule for rule in RULES if rule.concern.always]
    assert always
    for rule in always:
        assert rule.key in keys("Knee replacement.", rule.jurisdiction)
        assert rule.key not in keys("Knee replacement.", "ZZ")


def test_a_rule_speaks_only_where_it_holds():
    assert keys("Guaranteed.", "DE") == {"de_guarantee", "eu_guarantee"}
    assert keys("Guaranteed.", "KR") == {"kr_guarantee"}


def test_the_networks_own_rule_speaks_where_no_other_of_its_concern_does():
    assert keys("Guaranteed.", "KW") == {"any_guarantee"}
    assert keys("Guaranteed.", "KW", "TR") == {"tr_guarantee"}


def test_a_picture_is_looked_at_for_before_and_after():
    marks = marks_of({"text": "Knee replacement."}, ["DE"], has_picture=True)

    assert [(mark.key, mark.is_about_picture, mark.found) for mark in marks] == [("de_before_after_pictures", True, ())]


def test_unknown_never_means_allowed():
    assert keys("Knee replacement.", "KW", "ZZ", "FR") == {"unknown:ZZ", "unknown:FR"}
    assert keys("Knee replacement.") == {"unknown"}


@pytest.mark.parametrize(
    "text",
    [
        "G\u200bua\u00adrantee",
        "GUARANTEE",
        "gua\u200drantee",
        "ﬁnest guaranteé",
        "ضـمـان",
        "ضَمَان",
        "GARANTİ",
        "garantı",
    ],
)
def test_letters_that_are_written_otherwise_or_hidden_are_noticed(text):
    assert "any_guarantee" in keys(text, "ZZ")


@given(st.text(), st.lists(st.text(max_size=3), max_size=3), st.booleans())
def test_no_text_breaks_it_and_what_is_found_stands_there(text, countries, has_picture):
    parts = {"title": text, "text": text}
    for mark in marks_of(parts, countries, has_picture=has_picture):
        assert mark.asked
        for found in mark.found:
            assert parts[found.part][found.start :].startswith(found.words)


def test_every_rule_was_read_and_every_concern_has_words_and_examples():
    concerns = advertising_rules.table().concerns
    assert set(CONCERNS) == set(concerns)
    assert set(EXAMPLES) == {key for key, concern in concerns.items() if not concern.always}
    for rule in RULES:
        assert rule.jurisdiction == "*" or (rule.read_on <= date.today() and rule.sources)  # noqa: DTZ011
    for concern in concerns.values():
        assert concern.always or {"en", "tr", "ar"} <= set(concern.words)


def test_a_good_table_is_read():
    (rule,) = read(yaml.safe_dump(GOOD), name="rules.yaml").rules

    assert (rule.key, rule.concern.asked, rule.read_on) == ("xx_one", ("doctor",), date(2026, 11, 26))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sources": None}, "sources"),
        ({"read_on": None}, "read_on"),
        ({"jurisdiction": "Turkey"}, "jurisdiction"),
        ({"jurisdiction": "GCC"}, "there is no group GCC"),
        ({"concern": "colour"}, "there is no concern colour"),
        ({"says": ""}, "says"),
    ],
)
def test_a_wrong_table_is_told_what_is_wrong(change, says):
    row = {name: value for name, value in (GOOD["rules"][0] | change).items() if value is not None}

    with pytest.raises(AdvertisingTableError, match=says):
        read(yaml.safe_dump(GOOD | {"rules": [row]}), name="rules.yaml")


def test_a_key_names_one_rule():
    with pytest.raises(AdvertisingTableError, match="stands 2 times"):
        read(yaml.safe_dump(GOOD | {"rules": GOOD["rules"] * 2}), name="rules.yaml")


@pytest.mark.parametrize("text", ["{", "\x00", "rules: 1", b"\xff\xfe\x00"])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(AdvertisingTableError):
        read(text, name="rules.yaml")


def test_the_reference_is_what_the_command_writes(capsys):
    page = Path(__file__).parents[2] / "docs/reference/advertising-rules.md"

    call_command("marketing", "advertising-rules", "--markdown")

    assert page.read_text(encoding="utf-8").strip() == capsys.readouterr().out.strip()


def test_the_rules_are_printed_for_people_and_as_json(capsys):
    call_command("marketing", "advertising-rules")
    told = capsys.readouterr().out
    call_command("marketing", "advertising-rules", "--json")
    data = json.loads(capsys.readouterr().out)

    assert [row["key"] for row in data] == [rule.key for rule in RULES]
    assert all(rule.key in told for rule in RULES)


@pytest.mark.parametrize("text", ["وضمانٍ كامل", "بضمان", "فنضمن لكم", "ونتائج مؤكدة"])
def test_small_arabic_words_that_are_joined_to_the_next_one_hide_nothing(text):
    assert "any_guarantee" in keys(text, "ZZ")
