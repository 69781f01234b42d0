from typing import cast

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ICONS = {
    "journey": "route",
    "lead": "user-plus",
    "campaign": "speakerphone",
    "creative": "photo",
    "agreement": "file-text",
    "complaint": "message-2",
    "organisation": "building",
    "forum": "calendar-event",
    "next_step": "arrow-right",
    "charter": "scale",
}


class ConfigConfig(AppConfig):
    name = "clearpath.config"

    def ready(self) -> None:
        """Where each role may go."""
        from clearpath.turns import own_panels

        own_panels.register()
        from clearpath.turns import queries, rows
        from clearpath.turns.phrases import KINDS
        from clearpath.web import navigation
        from clearpath.web.request import PageRequest

        navigation.register("*", _("My desk"), "home", "layout-dashboard", 10)
        for role, kinds in rows.KINDS_BY_ROLE.items():
            for order, kind in enumerate(kinds, start=20):
                navigation.register(role, KINDS[f"kinds:{kind}"], f"turns:all_{kind}", ICONS[kind], order)
        navigation.register_bell(
            _("Notices"), "turns:notices", lambda request: queries.unread_count(cast(PageRequest, request).actor)
        )
        navigation.register_switch("choose_hat")
        navigation.register_menu(_("My organisation"), "turns:all_organisation", "building", 10)
        navigation.register_menu(_("The charter"), "charter", "scale", 20)
