"""Takes the pictures in docs/pages: tools/take_screenshots.py [NAME ...]

Loads the demo network into a home of its own, serves it, opens each persona's main pages in Chromium, on a desktop
and on a phone, and writes docs/pages/<role>-<page>-<desktop|phone>.png and the README beside them. With names, only
the pictures that begin so are taken anew. CLEARPATH_PAGES_URL names a demo network that is already served.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs/pages"
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEVICES = {"desktop": (1280, 900, 1600), "phone": (390, 844, 1900)}  # width, height, and how far down a picture goes
STARTS_WITHIN_SECONDS = 600


@dataclass(frozen=True)
class Shot:
    """One page: who opens it and how they come there; `way` is an address, or links to follow one after another."""

    name: str
    says: str
    persona: str = ""
    way: tuple[str, ...] = ()
    language: str = "en"


DECIDES, GOES_HOME, HAS_BEGUN = "Compares two offers", "Goes home soon", "Has just begun"  # patients, by their story
SHOTS = (
    Shot("door-sign-in", "The door, with the personas of the demo", way=("/accounts/login/",)),
    Shot("everybody-charter", "The charter, for everybody: who does what and who sees what", way=("/charter",)),
    Shot("patient-journey", "A patient compares two offers and decides", DECIDES),
    Shot("patient-return", "A patient who goes home soon", GOES_HOME),
    Shot("patient-journey-ar", "The same page in Arabic, right to left", GOES_HOME, language="ar"),
    Shot("patient-journey-tr", "The same page in Turkish", GOES_HOME, language="tr"),
    Shot("patient-offer", "Choosing an offer", DECIDES, ("a[href*='do/offers.accept']",)),
    Shot("patient-consent", "Agreeing who may see what, in exact words", HAS_BEGUN,
         ("a[href*='do/journeys.give_consent']",)),
    Shot("patient-add", "Adding health records, several at once", HAS_BEGUN, ("a[href*='do/records.add']",)),
    Shot("patient-share", "Sharing records by a link", GOES_HOME, ("a[href*='do/records.share']",)),
    Shot("patient-report", "Telling how one is", GOES_HOME, ("a[href*='do/aftercare.report']",)),
    Shot("patient-refusal", "A refusal is a way on: one button hands it over", GOES_HOME,
         ("HERE/do/records.declare_fit_to_fly",)),
    Shot("patient-notices", "What a patient was told", GOES_HOME, ("/notices",)),
    Shot("facilitator-desk", "The desk of a facilitator: what is late stands first", "Samira Haddad"),
    Shot("facilitator-journey", "A journey as its facilitator sees it", "Samira Haddad",
         ("section:has(#tasks-title) td:nth-child(2) a",)),
    Shot("facilitator-journeys", "Every journey of a facilitator", "Samira Haddad", ("/journeys",)),
    Shot("provider-desk", "The international desk of a hospital", "Selin Yıldız"),
    Shot(
        "provider-invitation",
        "Issuing an invitation letter",
        "Selin Yıldız",
        ("a[href*='do/travel.issue_invitation']",),
    ),
    Shot("doctor-desk", "A doctor's desk: medicine and nothing else", "Dr Elif Aydın"),
    Shot("doctor-journey", "A journey as its doctor sees it", "Dr Elif Aydın",
         ("tr:has(a[href*='do/records.give_opinion']) td:nth-child(2) a",)),
    Shot("doctor-record", "A record, opened as a summary", "Dr Elif Aydın",
         ("tr:has(a[href*='do/records.give_opinion']) td:nth-child(2) a", "#records a")),
    Shot("doctor-room", "The doctor's room: medical questions and nothing else", "Dr Elif Aydın", ("/room",)),
    Shot("doctor-opinion", "A question, answered on one page", "Dr Elif Aydın",
         ("/room", "a[href*='/room/'][href*='records.give_opinion']")),
    Shot("doctor-summary", "The summary of all records of a journey", "Dr Elif Aydın",
         ("/room", "a[href*='/room/'][href*='records.give_opinion']", "a[href$='/summary']")),
    Shot("agency-desk", "An agency's desk: no patient, ever", "Layla Aziz"),
    Shot("agency-campaign", "A campaign", "Layla Aziz", ("section:has(#list-campaign) a[href^='/campaign/']",)),
    Shot("steward-desk", "The steward's desk", "Nora Keller"),
    Shot("steward-organisation", "An organisation with its evidence and ties", "Nora Keller",
         ("section:has(#list-organisation) a[href^='/organisation/']",)),
    Shot("steward-ownership", "Who is tied to whom", "Nora Keller", ("/ownership",)),
    Shot("steward-complaint", "A complaint", "Nora Keller", ("section:has(#list-complaint) a[href^='/complaint/']",)),
    Shot("organizer-forum", "A forum", "Victor Lindqvist", ("section:has(#list-forum) a[href^='/forum/']",)),
)  # fmt: skip


def main(names: list[str]) -> int:
    wanted = [shot for shot in SHOTS if not names or shot.name.startswith(tuple(names))]
    PAGES.mkdir(parents=True, exist_ok=True)
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for shot in wanted:
            for device in DEVICES:
                take(browser, url, shot, device)
        browser.close()
    (PAGES / "README.md").write_text(readme())
    return 0


def take(browser: Browser, url: str, shot: Shot, device: str) -> None:
    width, height, depth = DEVICES[device]
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    come_to(page, url, shot)
    if shot.language != "en":
        context.add_cookies([{"name": "django_language", "value": shot.language, "url": url}])
        page.reload()
    tall = min(int(page.evaluate("document.documentElement.scrollHeight")), depth)
    page.set_viewport_size({"width": width, "height": tall})  # what sticks to the foot of a phone stays at the foot
    page.evaluate("document.fonts.ready")
    picture = PAGES / f"{shot.name}-{device}.png"
    page.screenshot(path=picture)
    print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} KB", file=sys.stderr)
    context.close()


def come_to(page: Page, url: str, shot: Shot) -> None:
    if shot.persona:
        page.goto(f"{url}/accounts/login/")
        page.locator("form:has([name=persona]) button", has_text=shot.persona).click()
        page.wait_for_url(f"{url}/")
    for step in shot.way:
        here = page.locator("main a[href*='/do/']").first.get_attribute("href") if "HERE" in step else ""
        address = step.replace("HERE", re.sub(r"/do/.*", "", here or ""))
        if address.startswith("/"):
            page.goto(url + address)
        else:
            page.locator(address).first.click()
        page.wait_for_load_state()


@contextmanager
def served() -> Iterator[str]:
    """The demo network, loaded and served for as long as it is needed."""
    already = os.environ.get("CLEARPATH_PAGES_URL", "")
    if already:
        yield already.rstrip("/")
        return
    with tempfile.TemporaryDirectory(prefix="clearpath-pages.") as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        settings = {"CLEARPATH_HOME": home, "CLEARPATH_DEMO": "1", "CLEARPATH_PORT": str(port)}
        command = [str(ROOT / ".venv/bin/clearpath"), "serve", "--prepare"]
        server = subprocess.Popen(command, env={**os.environ, **settings}, cwd=ROOT)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, server)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url: str, server: "subprocess.Popen[Any]") -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=5)
            return
        except OSError:
            if server.poll() is not None:
                raise SystemExit("the server did not start") from None
            time.sleep(1)
    raise SystemExit(f"the server did not answer within {STARTS_WITHIN_SECONDS} seconds")


def readme() -> str:
    """Every page, desktop beside phone."""
    lines = [
        "# The pages, as they look",
        "",
        "Taken from the demo network by `make pages`; everybody in it is invented. A picture ends where a reader has",
        "seen enough; pages go on below.",
        "",
    ]
    for shot in SHOTS:
        lines += [
            f"## {shot.says}",
            "",
            f'<img src="{shot.name}-desktop.png" width="640" alt="{shot.says}, on a desktop">'
            f' <img src="{shot.name}-phone.png" width="195" alt="{shot.says}, on a phone">',
            "",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
