from uuid import uuid4

import pytest
from django.apps.registry import Apps
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models

from clearpath.core.outcomes import NotFound, Refused
from clearpath.trust import vault
from clearpath.trust.fields import SealedTextField, SealError, open_text, reseal_column, seal_text
from clearpath.trust.keys import keyed_hash, keyed_hashes
from clearpath.trust.models import Key
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vault_key(settings):
    settings.VAULT_KEY = "first"


@pytest.mark.parametrize("data", [b"", b"a", b"\x00" * 100_000])
def test_what_was_sealed_opens_again(data):
    about = uuid4()

    sealed = vault.seal(data, about=about)

    assert vault.open_sealed(sealed, about=about) == data
    assert data not in sealed or data in (b"", b"a")


def test_the_same_bytes_sealed_twice_differ_and_share_a_key():
    about = uuid4()

    assert vault.seal(b"same", about=about) != vault.seal(b"same", about=about)
    assert Key.objects.count() == 1


def test_a_flip_in_any_byte_of_what_was_sealed_is_found():
    about = uuid4()
    sealed = vault.seal(b"allergic to penicillin", about=about)

    for i in range(len(sealed)):
        with pytest.raises(SealError):
            vault.open_sealed(sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :], about=about)
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            vault.open_sealed(sealed[:length], about=about)


def test_what_was_sealed_about_one_thing_does_not_open_as_another():
    mine, yours = uuid4(), uuid4()
    sealed = vault.seal(b"mine", about=mine)
    vault.seal(b"yours", about=yours)

    with pytest.raises(SealError, match="were not sealed about"):
        vault.open_sealed(sealed, about=yours)
    with pytest.raises(SealError, match="there is no key about"):
        vault.open_sealed(sealed, about=uuid4())


def test_a_wrapped_key_moved_to_another_thing_opens_nothing_there():
    mine, yours = uuid4(), uuid4()
    sealed = vault.seal(b"mine", about=mine)
    Key.objects.create(
        about=yours, wrapped=Key.objects.get(pk=mine).wrapped, wrapped_by=Key.objects.get(pk=mine).wrapped_by
    )

    with pytest.raises(SealError, match="was changed"):
        vault.open_sealed(sealed, about=yours)


def test_a_changed_wrapped_key_is_found():
    about = uuid4()
    sealed = vault.seal(b"mine", about=about)
    wrapped = bytes(Key.objects.get().wrapped)
    Key.objects.update(wrapped=bytes([wrapped[0] ^ 1]) + wrapped[1:])

    with pytest.raises(SealError, match=r"the key about .* was changed"):
        vault.open_sealed(sealed, about=about)


def test_erasing_throws_the_key_away_for_good():
    about, other = uuid4(), uuid4()
    sealed = vault.seal(b"mine", about=about)
    others = vault.seal(b"other", about=other)

    assert vault.erase(about, at=NOON) is True
    assert vault.erase(about) is False

    row = Key.objects.get(pk=about)
    assert (bytes(row.wrapped), row.wrapped_by, row.erased_at) == (b"", "", NOON)
    with pytest.raises(NotFound, match="erased"):
        vault.open_sealed(sealed, about=about)
    with pytest.raises(Refused, match="erased"):
        vault.seal(b"again", about=about)
    assert vault.open_sealed(others, about=other) == b"other"


def test_many_things_open_with_one_query_and_what_was_erased_is_left_out(django_assert_num_queries):
    sealed = {about: vault.seal(str(about).encode(), about=about) for about in (uuid4(), uuid4(), uuid4())}
    kept, other, erased = sealed
    vault.erase(erased)

    with django_assert_num_queries(1):
        opened = vault.open_all([(piece, about) for about, piece in sealed.items()])

    assert opened == [str(kept).encode(), str(other).encode(), None]
    with pytest.raises(SealError, match="not sealed about"):
        vault.open_all([(sealed[other], kept)])


def test_rewrap_lets_the_old_secret_go(settings):
    about, erased = uuid4(), uuid4()
    sealed = vault.seal(b"mine", about=about)
    vault.seal(b"gone", about=erased)
    vault.erase(erased)

    settings.VAULT_KEY = "second first"
    assert vault.open_sealed(sealed, about=about) == b"mine"
    assert vault.rewrap() == 1
    assert vault.rewrap() == 0
    settings.VAULT_KEY = "second"

    assert vault.open_sealed(sealed, about=about) == b"mine"


def test_a_secret_that_is_not_there_is_named_and_nothing_is_lost(settings):
    about = uuid4()
    sealed = vault.seal(b"mine", about=about)
    settings.VAULT_KEY = "second"

    with pytest.raises(SealError, match="CLEARPATH_VAULT_KEY does not hold the secret"):
        vault.open_sealed(sealed, about=about)
    with pytest.raises(SealError, match="CLEARPATH_VAULT_KEY does not hold the secret"):
        vault.rewrap()
    settings.VAULT_KEY = "first"
    assert vault.open_sealed(sealed, about=about) == b"mine"


def test_no_secret_at_all_is_told(settings):
    settings.VAULT_KEY = " "

    with pytest.raises(ImproperlyConfigured, match="CLEARPATH_VAULT_KEY is empty"):
        seal_text("x")


# Texts


class Note(models.Model):
    text = SealedTextField(blank=True)

    class Meta:
        app_label = "trust"
        apps = Apps()  # a registry of its own: no migration, not found by `reseal`
        db_table = "tests_note"

    def __str__(self):
        return f"Note {self.pk}"


@pytest.fixture
def notes():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tests_note (id bigint PRIMARY KEY, text text)")


def stored_texts():
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM tests_note ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize("text", ["Ayşe Yılmaz", "سلام", "x" * 10_000])
def test_a_text_is_sealed_for_the_database_and_plain_for_python(text):
    Note.objects.create(id=1, text=text)

    [stored] = stored_texts()
    assert stored.startswith("s1.")
    assert text not in stored
    assert Note.objects.get().text == text
    assert Note.objects.values_list("text", flat=True).get() == text


@pytest.mark.usefixtures("notes")
def test_empty_and_missing_texts_stay_as_they_are():
    Note.objects.create(id=1, text="")
    Note.objects.bulk_create([Note(id=2, text=None)])

    assert stored_texts() == ["", None]
    assert [note.text for note in Note.objects.order_by("id")] == ["", None]
    assert Note.objects.filter(text__isnull=True).count() == 1


@pytest.mark.parametrize("lookup", ["text", "text__icontains", "text__in"])
def test_a_sealed_text_cannot_be_searched(lookup):
    with pytest.raises(FieldError, match="cannot be searched"):
        Note.objects.filter(**{lookup: ["a"]})


@pytest.mark.usefixtures("notes")
def test_texts_are_sealed_anew_under_the_secret_in_use(settings):
    Note.objects.bulk_create([Note(id=1, text="one"), Note(id=2, text=""), Note(id=3, text=None)])
    before = stored_texts()
    settings.VAULT_KEY = "second first"

    assert reseal_column(Note, Note._meta.get_field("text")) == 1
    assert reseal_column(Note, Note._meta.get_field("text")) == 0
    settings.VAULT_KEY = "second"

    assert Note.objects.get(id=1).text == "one"
    assert stored_texts()[0] != before[0]
    assert stored_texts()[1:] == before[1:]


def test_a_changed_text_is_found_and_one_that_was_never_sealed_too():
    sealed = seal_text("x")

    for spoiled in (sealed[:-4], sealed[:-4] + "AAAA", sealed[:-3] + "é", "plain", "s1.0.AAAA", "s1.", ""):
        with pytest.raises(SealError):
            open_text(spoiled)


def test_keyed_hash_finds_a_value_under_every_secret_and_needs_the_secret(settings):
    old = keyed_hash("a@example.org")
    settings.VAULT_KEY = "second first"

    assert keyed_hash("a@example.org") != old
    assert keyed_hashes("a@example.org") == [keyed_hash("a@example.org"), old]
    assert keyed_hash("b@example.org") not in keyed_hashes("a@example.org")
