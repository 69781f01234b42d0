from typing import cast

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

LISTS = {
    "journey": (_("Journeys"), "route"),
    "lead": (_("Leads"), "user-plus"),
    "campaign": (_("Campaigns"), "speakerphone"),
    "creative": (_("Advertisements"), "photo"),
    "agreement": (_("Agreements"), "file-text"),
    "complaint": (_("Complaints"), "message-2"),
    "organisation": (_("Organisations"), "building"),
    "forum": (_("Forums"), "calendar-event"),
    "charter": (_("Charters"), "scale"),
}


class ConfigConfig(AppConfig):
    name = "clearpath.config"

    def ready(self) -> None:
        """Where each role may go."""
        from clearpath.turns import queries, rows
        from clearpath.web import navigation
        from clearpath.web.request import PageRequest

        navigation.register("*", _("My desk"), "home", "layout-dashboard", 10)
        for role, kinds in rows.KINDS_BY_ROLE.items():
            for order, kind in enumerate(kinds, start=20):
                navigation.register(role, LISTS[kind][0], f"turns:all_{kind}", LISTS[kind][1], order)
        navigation.register_bell(
            _("Notices"), "turns:notices", lambda request: queries.unread_count(cast(PageRequest, request).actor)
        )
        navigation.register_switch("choose_hat")
        navigation.register_menu(_("The charter"), "charter", "scale", 20)
