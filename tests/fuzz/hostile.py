"""Files made to hurt a reader of FHIR: deep, wide, long and repeated, each of about a wanted size."""

import json
from collections.abc import Callable, Iterator

XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">'


def hostile(size: int) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each, of about `size` bytes."""
    for name, make in MAKERS.items():
        yield name, make(size)


def _bundle(entry: str, size: int, kind: str = "collection") -> bytes:
    return f'{{"resourceType":"Bundle","type":"{kind}","entry":[{_repeated(entry, size)}]}}'.encode()


def _repeated(piece: str, size: int) -> str:
    return ",".join([piece] * max(1, size // (len(piece) + 1)))


def _numbered(piece: str, size: int) -> str:
    """The piece with N in place of its number."""
    return ",".join(piece.replace("N", str(number)) for number in range(max(1, size // (len(piece) + 4))))


def _patient(inside: str) -> bytes:
    return f'{{"resourceType":"Patient",{inside}}}'.encode()


def _nested(opening: str, closing: str, inner: str, levels: int) -> str:
    return opening * levels + inner + closing * levels


def _narrative(inside: str) -> bytes:
    return _patient(f'"text":{{"status":"generated","div":{json.dumps(XHTML + inside + "</div>")}}}')


REFERENCE = '{"reference":"#a"}'
CONTAINED = '{"resourceType":"Patient","id":"N"}'
MAKERS: dict[str, Callable[[int], bytes]] = {
    "nothing": lambda size: b" " * size,
    "bytes": lambda size: bytes(range(256)) * (size // 256),
    "open brackets": lambda size: b"[" * size,
    "open braces": lambda size: b'{"a":' * (size // 5),
    "empty lists": lambda size: b"[" + b"[]," * (size // 3) + b"[]]",
    "empty objects": lambda size: b"[" + b"{}," * (size // 3) + b"{}]",
    "small objects": lambda size: b"[" + b'{"a":0},' * (size // 8) + b"{}]",
    "numbers": lambda size: b"[" + b"0," * (size // 2) + b"0]",
    "fractions": lambda size: b"[" + b"0.5," * (size // 4) + b"0]",
    "long number": lambda size: b'{"resourceType":"Patient","multipleBirthInteger":' + b"9" * size + b"}",
    "long text": lambda size: _patient(f'"birthDate":"{"1" * size}"'),
    "long key": lambda size: _patient(f'"{"a" * size}":1'),
    "long resource type": lambda size: f'{{"resourceType":"{"A" * size}"}}'.encode(),
    "unknown keys": lambda size: _patient(_numbered('"kN":1', size)),
    "the same key": lambda size: _patient(_repeated('"active":true', size)),
    "escaped quotes": lambda size: _patient('"language":"' + '\\":' * (size // 3) + '"'),
    "escapes": lambda size: _patient('"language":"' + "\\u0022:" * (size // 7) + '","active":true,"active":true'),
    "names": lambda size: _patient(f'"name":[{_repeated("{}", size)}]'),
    "names of text": lambda size: _patient(f'"name":[{_repeated("1", size)}]'),
    "given names": lambda size: _patient(f'"name":[{{"given":[{_repeated("null", size)}]}}]'),
    "given names with siblings": lambda size: _patient(
        f'"name":[{{"given":[{_repeated("null", size // 2)}],"_given":[{_repeated("{}", size // 2)}]}}]'
    ),
    "identifiers": lambda size: _patient(
        f'"identifier":[{_numbered(chr(123) + chr(34) + "value" + chr(34) + ":N}", size)}]'
    ),
    "entries": lambda size: _bundle("{}", size),
    "entries without type": lambda size: _bundle('{"resource":{}}', size),
    "entries of one URL": lambda size: _bundle('{"fullUrl":"a","resource":{"resourceType":"Patient","id":"a"}}', size),
    "documents": lambda size: _bundle(
        '{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Composition"}}', size, "document"
    ),
    "unknown resources": lambda size: _bundle('{"resource":{"resourceType":"Potion"}}', size),
    "unresolved references": lambda size: _patient(f'"generalPractitioner":[{_repeated(REFERENCE, size)}]'),
    "contained": lambda size: _patient(f'"contained":[{_numbered(CONTAINED, size)}]'),
    "concepts": lambda size: (
        '{"resourceType":"CodeSystem","status":"active","content":"complete","concept":['
        + _numbered('{"code":"N"}', size)
        + "]}"
    ).encode(),
    "questions": lambda size: (
        '{"resourceType":"Questionnaire","status":"active","item":['
        + _numbered('{"linkId":"N","type":"group"}', size)
        + "]}"
    ).encode(),
    "elements": lambda size: (
        '{"resourceType":"StructureDefinition","snapshot":{"element":['
        + _numbered('{"id":"N","path":"a.N"}', size)
        + "]}}"
    ).encode(),
    "deep extensions": lambda size: _patient(
        f'"extension":[{_repeated(_nested(chr(123) + chr(34) + "extension" + chr(34) + ":[", "]}", "{}", 40), size)}]'
    ),
    "deep items": lambda size: (
        '{"resourceType":"Questionnaire","item":['
        + _repeated(_nested('{"linkId":"a","item":[', "]}", "{}", 90), size)
        + "]}"
    ).encode(),
    "bundles in bundles": lambda size: _bundle(
        _nested('{"resource":{"resourceType":"Bundle","entry":[', "]}}", "{}", 60), size
    ),
    "parameters": lambda size: (
        '{"resourceType":"Parameters","parameter":['
        + _repeated('{"name":"a","part":[{"name":"b","resource":{}}]}', size)
        + "]}"
    ).encode(),
    "narrative of text": lambda size: _narrative("a" * size),
    "narrative of tags": lambda size: _narrative("<p>a</p>" * (size // 8)),
    "narrative of attributes": lambda size: _narrative("".join(f'<p on{number}="1"/>' for number in range(size // 14))),
    "narrative unclosed": lambda size: _narrative("<p>" * (size // 3)),
    "narrative of entities": lambda size: _narrative("&nbsp;" * (size // 6)),
    "narrative of laughs": lambda size: _patient(
        '"text":{"status":"generated","div":"<!DOCTYPE d [<!ENTITY a \\"aaaa\\"><!ENTITY b \\"&a;&a;&a;\\">]><div>'
        + "&b;" * (size // 3)
        + '</div>"}'
    ),
    "patterns": lambda size: ('{"resourceType":"ElementDefinition","path":"' + "a" * size + '"}').encode(),
    "paths": lambda size: (
        '{"resourceType":"StructureDefinition","snapshot":{"element":[{"path":"' + "a.a:b" * (size // 5) + '"}]}}'
    ).encode(),
    "dates": lambda size: _bundle('{"resource":{"resourceType":"Patient","birthDate":"2020-02-30"}}', size),
}
