"""What patients read is easy to read, and the measure knows easy from hard."""

import sys
from pathlib import Path

import pytest

TOOLS = str(Path(__file__).parents[2] / "tools")


@pytest.fixture
def readability(monkeypatch):
    monkeypatch.syspath_prepend(TOOLS)
    import readability as tool

    yield tool
    for name in ("readability", "messages"):
        sys.modules.pop(name, None)


def test_lix_is_words_a_sentence_and_long_words_in_a_hundred(readability):
    sums = readability.measured(["It is your turn now. Confirm the operation."])

    assert (sums.words, sums.sentences, sums.long_words) == (8, 2, 2)
    assert sums.lix == 8 / 2 + 100 * 2 / 8


def test_atesman_counts_each_turkish_vowel_as_a_syllable(readability):
    sums = readability.measured(["Sıra sizde."])

    assert sums.atesman == pytest.approx(198.825 - 40.175 * 4 / 2 - 2.610 * 2)


def test_a_value_and_vowel_signs_lengthen_no_word(readability):
    assert readability.sentences_in("Ask %(organisation)s. مُراجَعة") == [["Ask", "x"], ["مراجعة"]]


def test_labels_and_pages_of_stewards_are_not_measured(readability):
    assert readability.is_measured("You can leave at any time.", ["journeys/forms.py"])
    assert not readability.is_measured("Leave now", ["journeys/forms.py"])
    assert not readability.is_measured("You can leave at any time.", ["stewardship/forms.py"])


def test_texts_over_the_limit_fail_the_check(readability, monkeypatch, capsys):
    hard = ["Notwithstanding contraindications, comprehensive preoperative examinations necessitate coordination"]
    monkeypatch.setattr(readability, "texts_by_language", lambda: {"en": hard})

    assert readability.main([]) == 1
    assert "LIX" in capsys.readouterr().out


def test_what_patients_read_is_easy_in_each_language(readability, capsys):
    assert readability.main([]) == 0
    assert [line[:2] for line in capsys.readouterr().out.splitlines()] == ["en", "ar", "tr"]
