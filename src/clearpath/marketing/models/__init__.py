"""Tables of campaigns, advertisements and leads, of what reaches people, and of files of leads."""

from clearpath.marketing.models.answering import AnsweringDesk
from clearpath.marketing.models.campaigns import Campaign, Creative, CreativePicture, Dispute, Lead
from clearpath.marketing.models.coming_in import ApiAnswer, LeadFile
from clearpath.marketing.models.reaching import Conversion, Result, Touch, TrackedLink, Webhook

__all__ = [
    "AnsweringDesk", "ApiAnswer", "Campaign", "Conversion", "Creative", "CreativePicture", "Dispute", "Lead",
    "LeadFile", "Result", "Touch", "TrackedLink", "Webhook",
]  # fmt: skip
