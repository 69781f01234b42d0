"""What people write, and which procedures they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpath.offers.finding.asking import plain, understood
from clearpath.offers.finding.vocabulary import parts, procedures


def keys(words: str) -> set[str]:
    return set(understood(words).procedures)


def test_every_procedure_is_found_by_its_name_and_each_synonym():
    every = [(each.key, word) for each in procedures().values() for words in each.words for word in words]

    assert [(key, word) for key, word in every if key not in keys(word)] == []


@pytest.mark.parametrize(
    "words",
    [
        "diz protezi", "DİZ PROTEZİ", "DIZ PROTEZI", "dız protezı", "Diz  Protezi!", "diz protezi ameliyatı fiyatları",
        "knee replacment", "kne replacement", "kneereplacement", "knee-replacement", "Knee Replacement in Istanbul",
        "استبدال الركبة", "إستبدال الرُّكبه", "استبـــدال ركبة", "اريد استبدال الركبة",
    ],
)  # fmt: skip
def test_one_treatment_is_found_however_it_is_written(words):
    assert keys(words) == {"knee_replacement"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("saç ekimi", {"hair_transplant"}),
        ("SAÇ EKİMİ", {"hair_transplant"}),
        ("sac ekimi", {"hair_transplant"}),
        ("hair transplnat", {"hair_transplant"}),
        ("زراعه الشعر", {"hair_transplant"}),
        ("تكميم", {"bariatric"}),
        ("nose job", {"rhinoplasty"}),
        ("rinoplasty", {"rhinoplasty"}),
        ("lasik", {"eye_laser"}),
        ("kidney stone", {"kidney_stones"}),
        ("breast cancer", {"breast_cancer"}),
        ("all on 4 implants", {"dental_implants"}),
        ("tooth whitening", {"whitening"}),
        ("kataract", {"cataract"}),
    ],
)
def test_synonyms_typos_and_endings(words, expected):
    assert keys(words) == expected


@pytest.mark.parametrize("key", sorted(parts()))
def test_a_part_of_the_body_stands_for_what_is_done_there(key):
    of_part = {each.key for each in procedures().values() if key in each.parts}

    assert all(of_part <= keys(parts()[key].name(language)) for language in ("en", "tr", "ar"))


@pytest.mark.parametrize("words", ["", "   ", "surgery", "ameliyat", "xyzzy qwfpg", "the best price", "?!", "‏"])
def test_words_that_name_no_treatment_find_none(words):
    assert keys(words) == set()


def test_a_guess_says_that_it_is_one():
    assert (understood("hair transplnat").is_guess, understood("hair transplant").is_guess) == (True, False)


@given(st.text())
def test_any_text_is_answered(text):
    assert understood(text).procedures <= set(procedures())


@given(st.text(alphabet="aAıIiİşŞğĞüÜöÖçÇ ", max_size=20))
def test_capitals_and_dots_never_matter(text):
    assert plain(text.replace("i", "İ")) == plain(text) == plain(text.replace("ı", "I"))
