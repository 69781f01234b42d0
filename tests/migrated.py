"""The SQLite file as the migrations leave it: made once, and kept with pytest's cache until a migration changes."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent


def copy_to(place: Path, *, folder: Path) -> None:
    """Copy it from the folder where it is kept. Whoever comes first makes it there, and the others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    original = folder / f"{digest()}.sqlite3"
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not original.exists():
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            migrate(original)
    shutil.copyfile(original, place)


def digest() -> str:
    """Another one when a migration, or a package that brings some, is another."""
    files = [ROOT / "requirements.lock", *sorted((ROOT / "src").glob("**/migrations/*.py"))]
    return hashlib.sha256(b"".join(str(file).encode() + file.read_bytes() for file in files)).hexdigest()


def migrate(original: Path) -> None:
    """As a host does it, with a home of its own."""
    with TemporaryDirectory() as home:
        made = Path(home, "made.sqlite3")
        environment = {
            "CLEARPATH_HOME": home,
            "CLEARPATH_DATABASE": f"sqlite:///{made}",
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(command, env={**os.environ, **environment}, check=True)
        shutil.move(made, original)
