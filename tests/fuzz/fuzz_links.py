"""Looks for a link or a file of one that breaks what reads it: .venv/bin/python tests/fuzz/fuzz_links.py SECONDS

What the fuzzer writes is read as a link, as the JSON inside one, as a file with the right key, and as what was packed
into such a file. Anything but a LinkError, or the payload and file themselves, is written to crash-...
"""

import json
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["clearpath.records.links"]):
    from clearpath.records.links import jwe, shlink

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY, IV = bytes(range(32)), bytes(12)
LARGEST = 1_000_000  # bytes that a file may become
SECONDS_PER_MEGABYTE, GRACE = 2, 1.0
SHL = Path(__file__).parents[1] / "records" / "shl"


def sealed(header: bytes, packed: bytes) -> str:
    """A file whose key is right, whatever its header and its content say."""
    protected = shlink.base64url(header)
    body = AESGCM(KEY).encrypt(IV, packed, protected.encode())
    parts = (body[: -jwe.TAG_BYTES], body[-jwe.TAG_BYTES :])
    return ".".join([protected, "", shlink.base64url(IV), *map(shlink.base64url, parts)])


def reads(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    head, _, rest = data.partition(b"\n")
    for read in (
        lambda: shlink.decode(text),
        lambda: shlink.decode(shlink.SCHEME + shlink.base64url(data)),
        lambda: jwe.decrypt(text, key=KEY),
        lambda: jwe.decrypt(sealed(head, rest), key=KEY, largest=LARGEST),
        lambda: jwe.decrypt(sealed(b'{"alg":"dir","enc":"A256GCM","zip":"DEF"}', data), key=KEY, largest=LARGEST),
    ):
        try:
            found = read()
        except shlink.LinkError:
            continue
        if isinstance(found, shlink.Payload):
            may_be_written = len(found.url) <= shlink.LONGEST_URL and not {"P", "U"} <= set(found.flags)
            again = shlink.encode(found) if may_be_written else ""
            assert not again or shlink.decode(again) == found
        else:
            assert len(found.content) <= jwe.LARGEST


def try_one(data: bytes) -> None:
    began = time.process_time()
    reads(data)
    spent = time.process_time() - began
    if spent > GRACE + SECONDS_PER_MEGABYTE * 10 * len(data) / 1e6:  # ten times slower for being watched
        raise AssertionError(f"{spent:.1f} seconds for {len(data)} bytes")


def seeds(folder: Path) -> None:
    """What real links and files look like, for the fuzzer to begin with."""
    folder.mkdir(exist_ok=True)
    link = (SHL / "IPS_IG-bundle-01-shl.txt").read_text().strip()
    said = json.dumps({"url": "https://a.example/m", "flag": "LP", "key": shlink.base64url(KEY), "exp": 1e9, "v": 1})
    packed = jwe._deflate(b'{"resourceType":"Bundle"}' * 50)
    header = json.dumps({"alg": "dir", "enc": "A256GCM", "cty": "application/fhir+json", "zip": "DEF"}).encode()
    for number, each in enumerate([link.encode(), said.encode(), packed, header + b"\n" + packed]):
        (folder / str(number)).write_bytes(each)


if __name__ == "__main__":
    seeds(Path("seeds"))
    options = [sys.argv[0], "seeds", f"-max_total_time={sys.argv[1]}", "-max_len=9000", "-timeout=60"]
    atheris.Setup([*options, "-rss_limit_mb=1024", *sys.argv[2:]], try_one)
    atheris.Fuzz()
