"""Write VENDORED.md: what was taken from elsewhere, at which version, under which licence, with digests."""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "src/clearpath/web/static/web/vendor"
PACKAGES = {
    "tabler": ("@tabler/core", "1.6.1", "MIT", "Without the line that names a source map"),
    "tabler-icons": (
        "@tabler/icons",
        "3.51.0",
        "MIT",
        "The drawings we use in one file, by tools/make_sprite.py",
    ),
    "inter": ("@fontsource-variable/inter", "5.3.0", "OFL-1.1", "Unchanged"),
    "vazirmatn": ("@fontsource-variable/vazirmatn", "5.3.0", "OFL-1.1", "Unchanged"),
}
HEAD = """# What was taken from elsewhere

Kept here so that no page asks another host for anything. Each folder holds its licence (@tabler/core ships
none: there it is the text that the head of its style sheet names). htmx is not copied: it comes with the
`django-htmx` package, version in requirements.lock. tools/list_vendored.py writes this page; a test compares
the digests.
"""


def section(folder: str) -> str:
    package, version, licence, changed = PACKAGES[folder]
    lines = [
        f"\n## {folder}",
        f"npm `{package}` {version}, {licence}. {changed}.\n",
        "| file | sha256 |",
        "|---|---|",
    ]
    files = sorted((VENDOR / folder).iterdir())
    rows = [f"| {folder}/{file.name} | {hashlib.sha256(file.read_bytes()).hexdigest()} |" for file in files]
    return "\n".join(lines + rows)


if __name__ == "__main__":
    (VENDOR / "VENDORED.md").write_text(HEAD + "\n".join(section(folder) for folder in PACKAGES) + "\n")
