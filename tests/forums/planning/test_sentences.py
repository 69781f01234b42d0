"""What the planner says, in the language of whoever reads it."""

import gettext as stdlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real
from tools.messages import texts_of_python

from clearpath.forums import planning
from clearpath.forums.planning.sentences import TEXTS, Sentence, in_words, say, told, told_line

HOME = Path(planning.__file__).parent
PLACE = re.compile(r"%\((\w+)\)s")
NUMBERS = {"n", "value", "least", "held", "number", "then_number", "table", "tables"}


def forms(key):
    text = TEXTS[key]
    return text if isinstance(text, tuple) else (text,)


def with_parts(key, n=3):
    names = set(PLACE.findall("".join(forms(key))))
    return say(key, **{name: n if name in NUMBERS else f"<{name}>" for name in names})


class Stub(stdlib.NullTranslations):
    """A catalogue that turns every text round, and shows which form it took."""

    plural = staticmethod(lambda n: int(n != 1))

    def gettext(self, message):
        return f"ters {message}"

    def ngettext(self, one, many, n):
        return f"ters {(one, many)[self.plural(n)]}"


@pytest.fixture
def in_turkish(monkeypatch):
    monkeypatch.setitem(trans_real._translations, "tr", Stub())
    with translation.override("tr"):
        yield


@pytest.mark.parametrize("key", TEXTS)
def test_each_sentence_is_said_in_the_language_of_who_reads_it_after_a_way_through_json(key, in_turkish):
    for n in (1, 3):
        sentence = with_parts(key, n)

        [words] = told(json.loads(json.dumps([sentence])))

        assert words == in_words(sentence) == f"ters {sentence}"
        assert "%" not in words
        assert all(f"<{name}>" in words for name in sentence.parts if name not in NUMBERS)


@pytest.mark.parametrize("key", TEXTS)
def test_each_sentence_is_said_by_a_planner_and_is_in_the_catalogues(key):
    marked = {form for text in texts_of_python((HOME / "sentences.py").read_text()) for form in text[:2] if form}
    code = "".join(path.read_text() for path in (*HOME.glob("*.py"), HOME.parent / "left_out.py"))

    assert set(forms(key)) <= marked
    assert f'"{key}"' in code.replace(f'    "{key}": _', "")


def test_a_number_takes_the_form_of_the_language_and_its_digits_in_groups():
    assert str(say("free", name="A", n=1)) == "A is free in 1 slot."
    assert str(say("free", name="A", n=2)) == "A is free in 2 slots."
    assert str(say("worth", value=1234567)) == "A plan worth 1,234,567."
    with translation.override("tr"):
        assert in_words(say("worth", value=1234567)).count("1.234.567") == 1


def test_a_slot_that_is_called_by_its_beginning_is_said_by_the_clocks_of_the_place():
    asked = {"first": "2027-02-01T06:40:00+00:00", "second": "B"}

    said = [told([say("must_meet_in_slot", **asked, slot=slot)], "Europe/Istanbul") for slot in (asked["first"], "s7")]

    assert said == [
        [f"{asked['first']} and B must meet in slot {words}."] for words in ("February 1, 09:40", "s7")
    ]  # fmt: skip


def test_names_are_parts_and_never_read_as_a_pattern():
    sentence = say("must_meet", first="100 %(second)s", second="%d")

    assert str(sentence) == in_words(sentence) == "100 %(second)s and %d must meet."


def test_what_was_kept_as_text_is_shown_as_it_was():
    assert told(["A and B must meet.", ["must_meet", {"first": "C", "second": "D"}]]) == [
        "A and B must meet.", "C and D must meet.",
    ]  # fmt: skip
    assert told_line("a plan worth 5") == "a plan worth 5"
    assert told_line(json.dumps(Sentence("worth", {"value": 5}))) == "A plan worth 5."
    assert told_line("") == ""


def test_there_is_no_sentence_without_a_text():
    with pytest.raises(KeyError):
        say("nothing_of_the_kind")


def test_a_program_without_settings_can_plan_and_say_what_it_found():
    code = "from clearpath.forums.planning import value, sentences; print(sentences.say('worth', value=1000))"
    bare = {key: each for key, each in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}

    done = subprocess.run([sys.executable, "-c", code], env=bare, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("A plan worth 1,000.\n", "")
