"""Medplum's FHIR router as a peer: its packages and a Node that they support, by npm, in a process of its own."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common import HERE, say

SOURCE = HERE / "medplum"
FOLDER = HERE.parent / "var" / "benchmarks" / "medplum"
SCHEMA = FOLDER / "node_modules" / "@medplum" / "definitions" / "dist" / "fhir" / "r4" / "fhir.schema.json"
Ask = Callable[[Path, str], dict[str, Any]]


class MissingError(Exception):
    """What is not here, and how to get it."""


def install() -> None:
    """Install what the lock pins, once for each lock. Raises MissingError."""
    pinned, complete = (SOURCE / "package-lock.json").read_text(), FOLDER / "complete"
    if complete.exists() and complete.read_text() == pinned:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise MissingError("npm is missing, by which Medplum is installed: on Debian, apt-get install npm.")
    say("Medplum is installed ...")
    FOLDER.mkdir(parents=True, exist_ok=True)
    complete.unlink(missing_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, FOLDER)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise MissingError(f"Medplum could not be installed by npm:\n{done.stdout}")
    complete.write_text(pinned)


def node() -> str:
    """The Node that is pinned with Medplum; where none is pinned for this machine, the one on the PATH."""
    pinned = sorted(FOLDER.glob("node_modules/node-*/bin/node"))
    found = str(pinned[0]) if pinned else shutil.which("node")
    if found is None:
        raise MissingError("Node is missing: Medplum wants 22.18 or newer.")
    return found


@contextmanager
def medplum() -> Iterator[tuple[Ask, str]]:
    """How to ask it to take a file in, `transaction` or `one by one`, and its Node. Raises MissingError."""
    install()
    script = shutil.copy(SOURCE / "peer.mjs", FOLDER)
    with subprocess.Popen([node(), script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def answer() -> dict[str, Any]:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise MissingError("Medplum does not run here: what Node says stands above.")
            return dict(json.loads(line))

        def ask(file: Path, how: str) -> dict[str, Any]:
            assert process.stdin is not None
            print(json.dumps({"file": str(file), "how": how}), file=process.stdin, flush=True)
            return answer()

        yield ask, answer()["node"]
        assert process.stdin is not None
        process.stdin.close()
