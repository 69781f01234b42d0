"""What every reader of lines from files asks alike: what stands in a cell, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from clearpath.core.faults import Fault
from clearpath.core.sheets import Line


@dataclass(slots=True, kw_only=True)
class Judging:
    """One line while it is judged; `where`: under which heading of the file each field stands."""

    line: Line
    where: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def object(self, name: str, code: str, says: Any) -> None:
        """Note that a field is wrong."""
        self.faults.append(Fault(self.line.number, self.where.get(name, name), code, says))

    def cell(self, name: str) -> str:
        """What stands there, without blanks around it; "" where the file has no such column."""
        return self.line.cells.get(self.where.get(name, ""), "").strip()

    def within(self, name: str, found: str, most: int) -> str:
        """The same text, or "" and a fault when it has more than so many characters."""
        if len(found) <= most:
            return found
        self.object(name, "too_long", _("Longer than %(most)s characters. Shorten it.") % {"most": most})
        return ""

    def email(self, found: str) -> str:
        """The same text; a fault when it is something else than an address."""
        try:
            if found:
                validate_email(found)
        except ValidationError:
            self.object("email", "no_email", _("This is no e-mail address. Correct it, or leave the cell empty."))
        return found
