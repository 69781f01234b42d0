"""What the factories kept is what the steps make."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import transaction

from clearpath.parties.models import Person
from tests.factories import make_organisation
from tests.kept import keeper
from tests.walk import walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@contextmanager
def a_test(*fixtures):
    """As if a test began here and ended."""
    here = transaction.savepoint()
    keeper.begin(list(fixtures))
    yield
    transaction.savepoint_rollback(here)


def everything():
    return {model: sorted(map(repr, model._base_manager.values_list())) for model in apps.get_models()}


def test_what_is_kept_is_written_again_row_for_row():
    with a_test():
        walked, rows = walk_to("money.sign_contract"), everything()

    with a_test():
        again = walk_to("money.sign_contract")

        assert again == walked
        assert everything() == rows


def test_the_second_of_a_kind_is_another():
    for _test in range(2):
        with a_test():
            assert make_organisation("provider") != make_organisation("provider")


def test_after_a_write_of_its_own_a_test_has_the_real_steps():
    with a_test():
        kept = make_organisation("provider")

    with a_test():
        Person.objects.create(email="its.own@example.org")
        assert make_organisation("provider") != kept


def test_who_changes_what_a_step_does_has_the_real_steps(monkeypatch):
    with a_test():
        kept = make_organisation("provider")

    with a_test():
        monkeypatch.setenv("CLEARPATH_NOTHING", "1")
        assert make_organisation("provider") != kept
    with a_test("settings"):
        assert make_organisation("provider") != kept
