"""What programs of an agency send, and what they are answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import UUID4, BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=20_000)]
MOST_TOUCHES, MOST_LEADS = 5_000, 200


class TouchIn(BaseModel):  # not ninja's Schema, which looks every field up by itself: thousands come at once
    """One contact with somebody. The token is random (UUID version 4), and the same for all that one visitor meets."""

    model_config = ConfigDict(extra="forbid")
    token: UUID4
    campaign: UUID
    creative: UUID | None = None
    channel: str = Field(max_length=40)
    country: str = Field("", pattern="^([A-Z]{2})?$")
    day: date


class TouchesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    touches: list[TouchIn] = Field(min_length=1, max_length=MOST_TOUCHES)


class TouchesOut(Schema):
    accepted: int


class LeadIn(Schema):
    """Who asked for help and agreed to be contacted; each field as in a file of leads."""

    model_config = ConfigDict(extra="forbid")
    key: Text = ""
    name: Text = ""
    email: Text = ""
    phone: Text = ""
    asks: Text = ""
    country: Text = ""
    language: Text = ""
    channel: Text = ""
    consent_wording: Text = ""
    consent_language: Text = ""
    consented_at: Text = ""


class LeadsIn(Schema):
    model_config = ConfigDict(extra="forbid")
    campaign: UUID
    leads: list[LeadIn] = Field(min_length=1, max_length=MOST_LEADS)


class FaultOut(Schema):
    field: str
    code: str
    says: str


class LeadAnswer(Schema):
    """`number` counts from 0 as the leads were sent; `outcome`: taken, already_there or refused."""

    number: int
    outcome: str
    token: str = ""
    errors: list[FaultOut] = []


class LeadsOut(Schema):
    taken: int
    leads: list[LeadAnswer]


class LeadState(Schema):
    """What an agency sees of a lead from the hand-over on."""

    token: UUID
    campaign: UUID | None
    channel: str
    answered: bool


class LeadStates(Schema):
    """`next` is the cursor of the next page, null at the end."""

    leads: list[LeadState]
    next: str | None


class ErrorOut(Schema):
    """One thing that is wrong with a request: where, and in a sentence."""

    where: str
    says: str


class Problem(Schema):
    """RFC 9457. `responsible`: whose part it is; `missing`: what must hold first."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    responsible: str = ""
    missing: list[str] = []
    errors: list[ErrorOut] = []
