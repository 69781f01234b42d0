"""Links between the pages of the documentation lead somewhere."""

import re
from pathlib import Path

HOME = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def test_every_link_to_a_file_leads_to_one():
    pages = [*HOME.glob("*.md"), *HOME.glob("docs/**/*.md")]
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text()) if "://" not in link]

    assert len(links) > 20
    assert [
        f"{page.relative_to(HOME)}: {link}"
        for page, link in links
        if not (page.parent / link).exists() and not link.startswith("docs/pages/")  # screenshots come with the pages
    ] == []


def test_every_decision_has_its_parts_and_a_number_of_its_own():
    pages = sorted((HOME / "docs/decisions").glob("[0-9]*.md"))
    numbers = [page.name[:4] for page in pages]

    assert len(numbers) == len(set(numbers))
    for page in pages:
        text = page.read_text()
        missing = [part for part in ("Status: ", "## Context", "## Decision", "## Consequences") if part not in text]
        assert (page.name, missing) == (page.name, [])
        assert text.startswith(f"# {int(page.name[:4])}. ")
