"""Tables of campaigns, advertisements and leads, of what reaches people, and of files of leads."""

from clearpath.marketing.models.answering import AnsweringDesk
from clearpath.marketing.models.campaigns import Campaign, Creative, CreativePicture, Lead
from clearpath.marketing.models.coming_in import ApiAnswer, LeadFile
from clearpath.marketing.models.reaching import Touch, TrackedLink

__all__ = [
    "AnsweringDesk", "ApiAnswer", "Campaign", "Creative", "CreativePicture", "Lead", "LeadFile", "Touch", "TrackedLink",
]  # fmt: skip
