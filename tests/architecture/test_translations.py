"""Every text for people is there in Turkish and Arabic too: a new one without translation fails here."""

import gettext
import importlib.util
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.utils.translation import override

from clearpath.config.demo import load as demo
from clearpath.config.demo.abouts import ABOUTS
from clearpath.core.money import as_text
from clearpath.web.templatetags.clearpath_web import length_between, money
from tests.factories import NOON

HOME = Path(__file__).parents[2]
LOCALES = sorted(HOME.glob("src/clearpath/**/LC_MESSAGES/*.mo"))
TEMPLATES = sorted(path for path in HOME.glob("src/clearpath/**/templates/**/*.html") if path.name != "style.html")
ARABIC = re.compile(r"[\u0600-\u06ff]")
SAME_IN_TURKISH = {"Clearpath", "Forum", "Plan", "PDF", "Markov", "Transfer", "Webhook", "%(km)s km"}
SAME_IN_ARABIC = {"Clearpath"}
NAMES = {"Clearpath", "CSV", "JSON", "QR"}  # words that stay as they are in every language
READ_ALOUD = re.compile(r'\b(?:placeholder|title|aria-label|alt)="([^"]*)"')


def loaded(name):
    specification = importlib.util.spec_from_file_location(name, HOME / f"tools/{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


messages = loaded("messages")


def name_of(path):
    return "-".join(path.relative_to(HOME / "src/clearpath").parts[:-2])


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A product of two files, wholly translated."""
    (tmp_path / "web").mkdir()
    (tmp_path / "steps.py").write_text('from django.utils.translation import gettext as _\n_("Pay %(amount)s now")\n')
    (tmp_path / "web/page.html").write_text('{% translate "My journey" %}')
    monkeypatch.setattr(messages, "HOME", tmp_path)
    messages.gather()
    for path in tmp_path.rglob("*.po"):
        path.write_text(re.sub(r'(msgid "(\w.*)"\nmsgstr ")', r"\1~\2", path.read_text()))
    messages.compile_stale()
    return tmp_path


# ---- The product's own ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_text_of_code_and_templates_is_translated():
    assert messages.problems() == []


@pytest.mark.parametrize("path", LOCALES, ids=name_of)
def test_what_a_reader_gets_is_in_their_language(path):
    with path.open("rb") as file:
        texts = {key: said for key, said in gettext.GNUTranslations(file)._catalog.items() if key}
    texts = {key if isinstance(key, str) else key[0]: said for key, said in texts.items()}
    english = {key: said for key, said in texts.items() if re.search("[A-Za-z]", messages.PLACEHOLDER.sub("", key))}

    if path.parts[-3] == "ar":
        left = {key for key, said in english.items() if not ARABIC.search(said)} - SAME_IN_ARABIC
    else:
        left = {key for key, said in english.items() if key == said} - SAME_IN_TURKISH
        left |= {key for key, said in english.items() if ARABIC.search(said)}

    assert len(texts) > 80
    assert left == set()
    assert {said for said in texts.values() if "\\" in said} == set()  # an escape that nothing reads


def test_arabic_counts_in_six_ways():
    with (HOME / "src/clearpath/locale/ar/LC_MESSAGES/django.mo").open("rb") as file:
        count = gettext.GNUTranslations(file).ngettext

    said = [count("%(days)s day left", "%(days)s days left", number) for number in (0, 1, 2, 3, 11, 100)]

    assert len(set(said)) == 6
    assert [count("%(days)s day left", "%(days)s days left", number) for number in (10, 99, 102)] == [
        said[3],
        said[4],
        said[5],
    ]


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "ساعة واحدة"), (2, "ساعتين"), (48, "يومين"), (14 * 24, "أسبوعين"), (100 * 24, "3 أشهر"), (0.3, "18 دقيقة")],
)
def test_a_length_of_time_is_counted_as_arabic_does(hours, said):
    with override("ar"):
        assert length_between(NOON, NOON + timedelta(hours=hours)).replace("\xa0", " ") == said


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_templates_mark_every_word(path):
    assert set(unmarked_words(path.read_text())) - NAMES == set()


def test_every_persona_of_the_demo_network_is_described_in_the_readers_language():
    about = re.compile(r"""\babout: (?:"([^"]+)"|([^},\n]+))""")
    network = (HOME / "src/clearpath/config/demo/network.yaml").read_text()
    patients = [demo._patient_persona(number, end).get("about", "") for number, end in enumerate(demo.ENDS)]

    said = {"".join(found) for found in about.findall(network)} | {each for each in patients if each}

    assert len(said) > 10
    assert said - set(ABOUTS) == set()


def test_a_price_is_written_alike_wherever_it_stands_in_arabic():
    with override("ar"):
        assert as_text(1_245_000, "EUR") == "EUR\u00a012,450.00"
        assert "12,450.00" in money(1_245_000, "EUR")


# ---- What would be found --------------------------------------------------------------------------------------------


def unmarked_words(template):
    """The words of a template that reach people without having been offered for translation."""
    kept, is_marked = [], False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            is_marked = (is_marked or token.contents.startswith("blocktrans")) and "endblock" not in token.contents
            kept.append(" ")
        elif token.token_type == TokenType.TEXT and not is_marked:
            kept.append(token.contents)
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", "".join(kept), flags=re.DOTALL)
    spoken = [*READ_ALOUD.findall(html), re.sub(r"<[^>]*>", " ", html)]
    return re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", " ".join(spoken)))


def test_an_unmarked_word_is_found():
    page = (
        '<p title="Look">{% translate "Good" %} {{ name }} <b>morning</b>{% blocktranslate %}all{% endblocktranslate %}'
    )

    assert unmarked_words(page) == ["Look", "morning"]


def test_nothing_is_wrong_with_a_small_product_wholly_translated(small):
    assert messages.problems() == []


def test_a_new_text_is_missed(small):
    (small / "pages.py").write_text('from django.utils.translation import gettext_lazy as say\nsay("Sent.")\n')

    assert sorted(messages.problems()) == [
        f"{small.name}/locale/{language}/LC_MESSAGES/django.po: lacks 'Sent.' of pages.py: make messages"
        for language in ("ar", "tr")
    ]


def test_a_gathered_text_waits_for_its_translation_and_keeps_the_others(small):
    (small / "pages.py").write_text('from django.utils.translation import gettext_lazy as say\nsay("Sent.")\n')
    messages.gather()
    messages.compile_stale()

    assert [problem.partition(": ")[2] for problem in messages.problems()] == ["empty: 'Sent.'"] * 2


def test_a_text_that_is_no_longer_said_is_found(small):
    (small / "web/page.html").write_text("")

    assert ["nobody says 'My journey' any more" in problem for problem in messages.problems()] == [True, True]


@pytest.mark.parametrize(
    ("there", "instead", "found"),
    [
        ('msgstr "~My journey"', 'msgstr ""', "empty: 'My journey'"),
        ('msgid "My journey"', '#, fuzzy\nmsgid "My journey"', "fuzzy: 'My journey'"),
        ('msgstr "~Pay %(amount)s now"', 'msgstr "~Pay now"', "'Pay %(amount)s now' has [], not ['%(amount)s']"),
        ('msgstr "~Pay %(amount)s', 'msgstr "~Pay %(sum)s', "has ['%(sum)s'], not ['%(amount)s']"),
        ('msgstr "~My journey"', 'msgstr "~My way"', "its .mo is stale"),
    ],
)
def test_a_spoiled_catalogue_is_found(small, there, instead, found):
    for path in small.rglob("tr/**/*.po"):
        path.write_text(path.read_text().replace(there, instead))
    if "stale" not in found:
        messages.compile_stale()

    assert any(found in problem for problem in messages.problems())


def test_a_catalogue_that_is_gone_is_found(small):
    for path in small.rglob("web/locale/ar/**/django.*"):
        path.unlink()

    assert messages.problems() == ["no catalogue web/locale/ar"]


# ---- How texts are read ---------------------------------------------------------------------------------------------


def test_texts_of_code_are_read_under_any_name_and_over_several_lines():
    source = (
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext as told\n"
        "_('You '\n  'choose')\n"
        "ngettext('%(n)s day', '%(n)s days', n)\n"
        "told('stage', 'Return')\n"
        "other('not this')\n"
        "_(name)\n"
    )

    assert list(messages.texts_of_python(source)) == [
        messages.Text("You choose", None, None),
        messages.Text("%(n)s day", "%(n)s days", None),
        messages.Text("Return", None, "stage"),
    ]


def test_texts_of_templates_are_read_as_django_looks_them_up():
    source = (
        '{% translate "It\'s your turn" %}{% translate "Return" context "stage" %}'
        "{% blocktranslate count n=days trimmed %}\n {{ n }} day\n{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% include "a.html" with heading=_("Step") %}{{ "Data"|upper }}{{ _("Now") }}100 % sure'
    )

    assert list(messages.texts_of_template(source)) == [
        messages.Text("It's your turn", None, None),
        messages.Text("Return", None, "stage"),
        messages.Text("%(n)s day", "%(n)s days", None),
        messages.Text("Step", None, None),
        messages.Text("Now", None, None),
    ]
