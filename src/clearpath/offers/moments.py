"""A moment as words within a sentence, in the language and the time zone of who reads it."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _


def _in_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    day, clock = formats.date_format(local, "DATE_FORMAT"), formats.time_format(local.time(), "H:i")
    return _("%(day)s, %(time)s") % {"day": day, "time": clock}


moment_in_words = lazy(_in_words, str)  # read when shown: whoever is refused may not be who reads it
