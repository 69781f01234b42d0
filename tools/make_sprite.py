"""Make the icon sprite from an unpacked `@tabler/icons`: python tools/make_sprite.py PACKAGE [NAME ...]

Keeps the icons that the sprite already has and adds the ones named; `NAME-filled` takes the filled drawing.
Afterwards write the new digest with tools/list_vendored.py.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent.parent / "src/clearpath/web/static/web/vendor/tabler-icons/sprite.svg"
OUTLINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'


def symbol_of(package: Path, name: str) -> str:
    """One drawing as a <symbol>; stroke width is left to the style sheet."""
    filled = name.endswith("-filled")
    file = package / "icons" / ("filled" if filled else "outline") / f"{name.removesuffix('-filled')}.svg"
    drawing = re.sub(r"<!--.*?-->|</?svg[^>]*>|<path stroke=\"none\"[^>]*/>", "", file.read_text(), flags=re.DOTALL)
    shapes = re.sub(r"\s+", " ", drawing).replace("> <", "><").strip()
    paint = 'fill="currentColor" stroke="none"' if filled else OUTLINE
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{shapes}</symbol>'


def main(package: Path, names: list[str]) -> None:
    known = re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()) if SPRITE.exists() else []
    symbols = "\n".join(symbol_of(package, name) for name in sorted({*known, *names}))
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
