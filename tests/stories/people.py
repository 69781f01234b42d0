"""The few words in which a story is told: somebody takes a step, hands it on, or is refused."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import TimeoutError as TookTooLong

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.parties.models import Person
from clearpath.trust import log
from clearpath.turns.models import Task
from clearpath.turns.subject import Subject

PASSWORD = "a long road home 2026"
PHONE = {"width": 390, "height": 844}


def time_passes(monkeypatch: Any, how_long: timedelta) -> None:
    """For everybody at once, server and workers too; clocks go on from there."""
    before = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: before() + how_long)


@dataclass
class Refusal:
    """One act that was refused, and what was seen of it."""

    who: str
    step: str
    status: int
    reason: str
    hand_off: bool


@dataclass
class Story:
    """People at their browsers, and the subject that they work on. `said`: what their browsers complained of."""

    browser: Any
    url: str
    actors: dict[str, Actor] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)
    subject: Any = None
    refusals: list[Refusal] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    who: str = ""

    @property
    def page(self) -> Any:
        return self.pages[self.who]

    # Who

    def joins(self, name: str, actor: Actor, *, javascript: bool = True, phone: bool = False) -> None:
        """Somebody opens a browser and signs in at the door, with their password."""
        person = Person.objects.get(pk=actor.person_id)
        person.set_password(PASSWORD)
        person.save()
        self._opens_browser(name, actor, javascript=javascript, phone=phone)
        self.signs_in(person.email)

    def is_invited(self, name: str, actor: Actor, *, javascript: bool = True, phone: bool = False) -> None:
        """Somebody without a password asks for one, reads their mail, chooses one and signs in."""
        email = Person.objects.get(pk=actor.person_id).email
        self._opens_browser(name, actor, javascript=javascript, phone=phone)
        self.goto(reverse("account_reset_password"))
        self.page.fill("[name=email]", email)
        self.page.click("main button")
        link = re.search(r"https?://\S+", mail.outbox[-1].body)
        assert link, mail.outbox[-1].body
        self.page.goto(link[0])
        for box in self.page.locator("main [type=password]").all():
            box.fill(PASSWORD)
        self.page.click("main button")
        self.signs_in(email)

    def _opens_browser(self, name: str, actor: Actor, *, javascript: bool, phone: bool) -> None:
        context = self.browser.new_context(
            java_script_enabled=javascript, viewport=PHONE if phone else None, base_url=self.url
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: message.type in {"error", "warning"} and self._hear(message.text))
        page.on("pageerror", lambda error: self._hear(str(error)))
        page.on("request", lambda asked: asked.url.startswith((self.url, "data:")) or self._hear(asked.url))
        self.actors[name], self.pages[name] = actor, page
        self.who = name

    def _hear(self, words: str) -> None:
        if "Failed to load resource" not in words:  # a refusal's own status
            self.said.append(f"{self.who}: {words}")

    def signs_in(self, email: str) -> None:
        self.goto(reverse("account_login"))
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form:has([name=password]) button")
        assert self.page.locator(".cp-who").count() == 1, self.page.content()

    def as_(self, name: str) -> "Story":
        self.who = name
        return self

    # Where

    def goto(self, address: str) -> Any:
        return self.page.goto(self.url + address)

    def at_home(self) -> None:
        self.goto("/")

    def at_subject(self, subject: Any = None) -> Any:
        return self.goto(address_of(subject or self.subject))

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    # What

    def opens(self, step: str, *, start: str = "") -> None:
        """From the desk to the form of a step; from the subject's page where it is nobody's turn."""
        self.at_home()
        link = self._link_to(step)
        if link is None and self.subject is not None:
            self.at_subject()
            link = self._link_to(step)
        assert link is not None, f"{self.who} finds no way to {step} in: {self.text()}"
        link.click()
        assert self.page.locator("main form [name=key]").count(), self.text()

    def _link_to(self, step: str) -> Any:
        where = f"/{self.subject.pk}/do/{step}" if self.subject is not None else f"/new/{step}"
        starts = f"/new/{step}"
        found = self.page.locator(f"main a[href*='{where}'], main a[href$='{starts}']")
        return found.first if found.count() else None

    def fills(self, **fields: Any) -> None:
        for name, value in fields.items():
            boxes = self.page.locator(f"main form [name={name}]")
            kind = boxes.first.evaluate("each => each.type || each.tagName")
            if kind == "checkbox" and value is True:
                boxes.first.check()
            elif kind in {"checkbox", "radio"}:
                for each in value if isinstance(value, list | tuple) else [value]:
                    self.page.locator(f"main form [name={name}][value='{each}']").check()
            elif kind.startswith("select"):
                boxes.first.select_option(str(value))
            elif kind == "file":
                boxes.first.set_input_files(value)
            else:
                boxes.first.fill(str(value))

    def presses(self) -> None:
        """Until the server has answered: a slow machine has not left the form when the click returns."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.click("main form:has([name=key]) button.btn-primary")

    def take(self, step: str, **fields: Any) -> None:
        """The whole of a part: find it on the desk, fill its form, press its button; then the network does its own."""
        self.opens(step)
        self.fills(**fields)
        self.presses()
        try:
            self.page.wait_for_url(lambda address: step not in address)
        except TookTooLong:
            raise AssertionError(self.text()) from None
        self.is_done(step)

    def is_done(self, step: str) -> None:
        """The log says that this person took it; the network then does what is its own part."""
        entry = log.Entry.objects.filter(decision="done").order_by("-id").first()
        assert (entry.step, entry.person_id) == (step, self.actors[self.who].person_id), self.text()
        jobs.run_due(strict=True)
        if self.subject is not None:
            self.subject.refresh_from_db()

    @contextmanager
    def elsewhere(self, subject: Any):
        """For a while, another subject is spoken of."""
        kept, self.subject = self.subject, subject
        try:
            yield
        finally:
            self.subject = kept

    # What is refused

    def post(self, address: str, **fields: Any) -> Any:
        """A request made by hand, as a clever stranger would: with the session and the token, without the page."""
        context = self.page.context
        token = next(each["value"] for each in context.cookies() if each["name"] == "csrftoken")
        form = {name: str(value) for name, value in fields.items()}
        return self.page.request.post(
            self.url + address, form=form, headers={"X-CSRFToken": token}, max_redirects=0, fail_on_status_code=False
        )

    def refused(self, step: str, *, status: int, hand_off: str = "", subject: Any = None, **fields: Any) -> None:
        """By hand: the answer is no, the log has it, and whose part it is is one button away (`hand_off`: the role)."""
        subject = subject or self.subject
        before = refusals_on(subject)
        answer = self.post(step_address(subject, step), **fields)
        assert answer.status == status, f"{self.who} {step}: {answer.status} {answer.text()}"
        self._was_logged(subject, step, before, status)
        offered = reverse("turns:hand_off", args=[subject.kind, subject.pk]) in answer.text()
        assert offered == bool(hand_off), f"{self.who} {step}: hand-off offered is {offered}"
        if hand_off:
            self._card_of(step, subject, hand_off, fields.get("lane"))
        self.refusals[-1].hand_off = offered

    def refused_to_read(self, address: str, step: str) -> None:
        """A file of others, by its very address: there is no such thing, and the log has the try."""
        before = refusals_on(self.subject)
        answer = self.page.request.get(self.url + address)
        assert answer.status == 404
        self._was_logged(self.subject, step, before, 404)

    def _was_logged(self, subject: Any, step: str, before: int, status: int) -> None:
        last = log.entries_of(subject.pk).filter(decision="refused").last()
        assert refusals_on(subject) == before + 1, f"{self.who} {step} was refused once and logged once"
        assert (last.step, last.person_id) == (step, self.actors[self.who].person_id)
        self.refusals.append(Refusal(self.who, step, status, last.reason, False))

    def _card_of(self, step: str, subject: Any, role: str, lane: Any) -> None:
        """The same by address: the page is a friendly card that names the role and has the button."""
        answer = self.goto(step_address(subject, step) + (f"?lane={lane}" if lane else ""))
        card = self.page.locator(".cp-refusal")
        assert answer.status == 403
        assert card.locator(f"form[action$='/hand-off'] input[name=step][value='{step}']").count() == 1
        assert rightful_of(subject, step) == role

    def hands_over(self, step: str) -> None:
        """By the card's button."""
        self.goto(step_address(self.subject, step))
        self.page.click(".cp-refusal form button")
        self.is_done("turns.hand_off")

    def is_refused_by_button(self, step: str, *, status: int) -> None:
        """Somebody presses the button of a page that is no longer true."""
        before = refusals_on(self.subject)
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            self.presses()
        assert answered.value.status == status, self.text()
        self._was_logged(self.subject, step, before, status)

    # The keyboard alone

    def tabs_to(self, selector: str) -> None:
        """Press Tab until what is meant has the focus, as who has no mouse does."""
        for _press in range(200):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"Tab never reaches {selector}")

    def types(self, selector: str, words: str) -> None:
        self.tabs_to(selector)
        self.page.keyboard.type(words)


def address_of(subject: Any) -> str:
    return reverse("turns:subject", args=[subject.kind, subject.pk])


def step_address(subject: Any, step: str) -> str:
    return reverse("turns:take", args=[subject.kind, subject.pk, step])


def refusals_on(subject: Any) -> int:
    return log.entries_of(subject.pk).filter(decision="refused").count()


def rightful_of(subject: Any, step: str) -> str:
    from clearpath.turns import charters

    return charters.rules_of(subject.charter, subject.kind).steps[step].by


def turns_on(subject: Subject) -> set[tuple[str, str]]:
    """Whose turn it is: step and position of every open task."""
    return set(Task.objects.filter(subject_id=subject.pk, done_at=None).values_list("step", "position"))
