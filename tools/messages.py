"""Translations without gettext's programs: tools/messages.py gather | compile | check | status

`gather` reads every text for people from code and templates and writes it, in that order, into the .po files: those
of `web` into its own, all others into one for the whole product. What was translated stays translated, what is no
longer used goes. `compile` writes every .mo file that is not what its .po file says; both are committed, so that
running Clearpath needs neither gettext nor a build. `check` fails when a text is missing or without translation, when
one is fuzzy, when a placeholder differs, or when a .mo is stale. `status` counts what is still to be translated.
"""

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOME = Path(__file__).parent.parent / "src/clearpath"
LANGUAGES = {  # the plural rules of gettext's own table
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
    ": n%100>=11 && n%100<=99 ? 4 : 5;",
    "tr": "nplurals=2; plural=(n > 1);",
}
# Which arguments of a call are text, and which one tells apart what is written alike
CALLS = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "ngettext_noop": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
MODULES = {"django.utils.translation", "clearpath.core.marked"}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"(?<!\w)(_|n?p?gettext)\(({LITERAL}(?:,\s*{LITERAL})*)")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}|</?\w+[^>]*>")


class Text(NamedTuple):
    """One text for people; `plural` and `context` are None for most."""

    singular: str
    plural: str | None
    context: str | None

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


# ---- What the sources say -------------------------------------------------------------------------------------------


def texts_of_python(source: str) -> Iterator[Text]:
    """The texts in calls of MODULES, under whatever name a module imports it."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in MODULES
        for alias in node.names
        if alias.name in CALLS
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = names.get(call.func.id) if isinstance(call.func, ast.Name) else None
        arguments = [each.value if isinstance(each, ast.Constant) else None for each in call.args]
        if name and isinstance(arguments[0], str):
            yield text_of(name, arguments)


def texts_of_template(source: str) -> Iterator[Text]:
    for name, arguments in IN_TEMPLATE.findall(templatize(source)):
        yield text_of("gettext" if name == "_" else name, list(ast.literal_eval(f"({arguments},)")))


def text_of(name: str, arguments: list[str]) -> Text:
    singular, plural, context = CALLS[name]
    return Text(
        arguments[singular],
        None if plural is None else arguments[plural],
        None if context is None else arguments[context],
    )


def sources() -> Iterator[Path]:
    for path in sorted(HOME.rglob("*")):
        if path.suffix in (".py", ".html", ".txt") and not {"migrations", "static"} & set(path.parts):
            yield path


def texts_of_sources() -> dict[str, dict[Text, list[str]]]:
    """For each catalogue, by its folder, every text and the files that say it; what `web` says, there alone."""
    found: dict[str, dict[Text, list[str]]] = {"web/locale": {}, "locale": {}}
    for path in sources():
        place = path.relative_to(HOME)
        read = texts_of_python if path.suffix == ".py" else texts_of_template
        texts = found["web/locale" if place.parts[0] == "web" else "locale"]
        for text in read(path.read_text()):
            files = texts.setdefault(text, [])
            if str(place) not in files:
                files.append(str(place))
    for text in found["web/locale"]:
        found["locale"].pop(text, None)
    return found


# ---- What the catalogues say ----------------------------------------------------------------------------------------


def catalogs() -> list[tuple[Path, Catalog]]:
    found = []
    for path in sorted(HOME.glob("**/locale/*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            found.append((path, read_po(file, locale=path.parts[-3], abort_invalid=True)))
    return found


def key_of(message: Message) -> Text:
    singular, plural = message.id if isinstance(message.id, tuple | list) else (message.id, None)
    return Text(singular, plural, message.context)


def is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def texts_of(catalog: Catalog) -> dict[object, object]:
    texts = [each for each in catalog if each.id and not each.fuzzy]
    return {(each.context, plain(each.id)): plain(each.string) for each in texts if each.string}


def plain(text: str | list[str] | tuple[str, ...]) -> str | tuple[str, ...]:
    """A text, or the forms of a text that has a plural."""
    return text if isinstance(text, str) else tuple(text)


# ---- What is wrong --------------------------------------------------------------------------------------------------


def is_stale(path: Path, catalog: Catalog) -> bool:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return True
    expected = BytesIO()
    write_mo(expected, catalog)
    expected.seek(0)
    with compiled.open("rb") as file:
        return texts_of(read_mo(file)) != texts_of(read_mo(expected))


def misplaced(message: Message) -> str:
    """How the placeholders of a translation differ from those of the text; "" if they do not.

    A plural form may leave one out, as Arabic does for one and for two, but brings none of its own.
    """
    texts = message.id if isinstance(message.id, tuple | list) else [message.id]
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    wanted = sorted(PLACEHOLDER.findall(texts[-1]))
    for form in forms:
        there = sorted(PLACEHOLDER.findall(form))
        if there != wanted and (len(texts) == 1 or set(there) - set(wanted)):
            return f"has {there}, not {wanted}"
    return ""


def problems_of(path: Path, catalog: Catalog, texts: dict[Text, list[str]]) -> list[str]:
    place = path.relative_to(HOME.parent)
    problems = [f"{place}: its .mo is stale: make messages"] if is_stale(path, catalog) else []
    there = {key_of(message): message for message in catalog if message.id}
    for text, files in texts.items():
        if text not in there:
            problems.append(f"{place}: lacks {text.singular!r} of {files[0]}: make messages")
    for text, message in there.items():
        if text not in texts:
            problems.append(f"{place}:{message.lineno}: nobody says {text.singular!r} any more: make messages")
        elif message.fuzzy or not is_translated(message):
            problems.append(f"{place}:{message.lineno}: {'fuzzy' if message.fuzzy else 'empty'}: {text.singular!r}")
        elif difference := misplaced(message):
            problems.append(f"{place}:{message.lineno}: {text.singular!r} {difference}")
    for message, errors in catalog.check():
        problems += [f"{place}:{message.lineno}: {error}" for error in errors]
    return problems


def problems() -> list[str]:
    found, texts = catalogs(), texts_of_sources()
    there = {str(path.parents[2].relative_to(HOME)) + "/" + path.parts[-3] for path, _catalog in found}
    missing = [f"no catalogue {each}" for each in wanted_catalogs() if each not in there]
    return missing + [
        problem
        for path, catalog in found
        for problem in problems_of(path, catalog, texts[str(path.parents[2].relative_to(HOME))])
    ]


def wanted_catalogs() -> list[str]:
    return [f"{folder}/{language}" for folder in ("locale", "web/locale") for language in LANGUAGES]


# ---- What is written ------------------------------------------------------------------------------------------------


def gather() -> None:
    texts, known = texts_of_sources(), {}
    for path, catalog in catalogs():
        known.update({(path.parts[-3], key_of(each)): each for each in catalog if each.id and is_translated(each)})
    for place in wanted_catalogs():
        folder, _slash, language = place.rpartition("/")
        catalog = Catalog(locale=language)
        catalog.mime_headers = [("Plural-Forms", LANGUAGES[language])]
        for text, files in texts[folder].items():
            old = known.get((language, text))
            catalog.add(text.id, old.string if old else None, [(file, 0) for file in files], context=text.context)
        path = HOME / place / "LC_MESSAGES/django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, catalog, language)


def write(path: Path, catalog: Catalog, language: str) -> None:
    """A .po file without dates or line numbers, so that it changes only where a text does."""
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    fields = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    path.write_text(f'msgid ""\nmsgstr ""\n{header}\n{body.getvalue().decode()}'.rstrip() + "\n")


def compile_stale() -> None:
    for path, catalog in catalogs():
        if is_stale(path, catalog):
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalog)
            print(f"wrote {path.with_suffix('.mo').relative_to(HOME.parent)}")


def status() -> None:
    for path, catalog in catalogs():
        texts = [each for each in catalog if each.id]
        done = sum(1 for each in texts if is_translated(each))
        print(f"{path.relative_to(HOME.parent)}: {done} of {len(texts)}")


def check() -> int:
    found = problems()
    print("\n".join(found))
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    acts = {"gather": gather, "compile": compile_stale, "status": status, "check": check}
    if len(arguments) != 1 or arguments[0] not in acts:
        print(__doc__, file=sys.stderr)
        return 2
    return acts[arguments[0]]() or 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
