"""The network's question about an agreement."""

from datetime import datetime

from clearpath.agreements import lawful, queries
from clearpath.agreements.models import Agreement, Terms
from clearpath.turns.hooks import question


@question("every_fee_is_lawful_by_a_known_rule")
def every_fee_is_lawful_by_a_known_rule(agreement: Agreement, at: datetime) -> bool:  # noqa: ARG001
    """Yes while terms are open, not yet found lawful, and a known rule allows each of their fees.

    No again as soon as they are found lawful, so that new terms are looked at afresh.
    """
    if "lawful" in agreement.facts:
        return False
    terms = Terms.objects.filter(agreement=agreement).order_by("-number").first()
    return terms is not None and all(each.may_be_paid for each in lawful.check_fees(queries.fees_of(terms)))
