"""Translations without gettext's programs: tools/messages.py compile | check | status

`compile` writes every .mo file that is not what its .po file says; both are committed, so that running Clearpath
needs neither gettext nor a build. `check` fails when one is stale, fuzzy, or breaks a placeholder. `status` counts
what is still to be translated.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

HOME = Path(__file__).parent.parent / "src/clearpath"


def catalogs() -> list[tuple[Path, Catalog]]:
    found = []
    for path in sorted(HOME.glob("**/locale/*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            found.append((path, read_po(file, locale=path.parts[-3], abort_invalid=True)))
    return found


def texts_of(catalog: Catalog) -> dict[object, object]:
    texts = [each for each in catalog if each.id and not each.fuzzy]
    return {(each.context, plain(each.id)): plain(each.string) for each in texts if each.string}


def plain(text: str | list[str] | tuple[str, ...]) -> str | tuple[str, ...]:
    """A text, or the forms of a text that has a plural."""
    return text if isinstance(text, str) else tuple(text)


def is_stale(path: Path, catalog: Catalog) -> bool:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return True
    expected = BytesIO()
    write_mo(expected, catalog)
    expected.seek(0)
    with compiled.open("rb") as file:
        return texts_of(read_mo(file)) != texts_of(read_mo(expected))


def problems_of(path: Path, catalog: Catalog) -> list[str]:
    place = path.relative_to(HOME.parent)
    problems = [f"{place}: its .mo is stale: tools/messages.py compile"] if is_stale(path, catalog) else []
    problems += [f"{place}:{each.lineno}: fuzzy: {each.id!r}" for each in catalog if each.id and each.fuzzy]
    for message, errors in catalog.check():
        problems += [f"{place}:{message.lineno}: {error}" for error in errors]
    return problems


def compile_stale() -> None:
    for path, catalog in catalogs():
        if is_stale(path, catalog):
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalog)
            print(f"wrote {path.with_suffix('.mo').relative_to(HOME.parent)}")


def status() -> None:
    for path, catalog in catalogs():
        texts = [each for each in catalog if each.id]
        done = sum(1 for each in texts if (all(each.string) if isinstance(each.string, tuple) else each.string))
        print(f"{path.relative_to(HOME.parent)}: {done} of {len(texts)}")


def main(act: str) -> int:
    if act == "compile":
        compile_stale()
        return 0
    if act == "status":
        status()
        return 0
    problems = [problem for path, catalog in catalogs() for problem in problems_of(path, catalog)]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["compile"], ["check"], ["status"]):
        print(__doc__, file=sys.stderr)
        raise SystemExit(2)
    raise SystemExit(main(sys.argv[1]))
