"""Print what pip is configured with (mirror, certificates, time-out) as the variables that uv reads, for a shell.

uv reads none of pip's files. A variable that is already set is left alone. Run by the Python of an environment
with pip.
"""

import ast
import os
import shlex
import subprocess
import sys
from pathlib import Path

VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
SECTIONS = ("global", "install", ":env:")  # the later one wins, as in pip


def options_of_pip() -> dict[str, str]:
    """`pip config list` prints lines such as global.index-url='...'."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    found = {}
    for line in listed.stdout.splitlines():
        name, equals, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if equals and section in SECTIONS and option in VARIABLES:
            found[section, option] = str(ast.literal_eval(value))
    return {option: found[section, option] for section in SECTIONS for at, option in found if at == section}


def variables_of_uv(options: dict[str, str]) -> dict[str, str]:
    variables = {VARIABLES[option]: " ".join(value.split()) for option, value in options.items()}
    if "UV_FIND_LINKS" in variables:
        variables["UV_FIND_LINKS"] = variables["UV_FIND_LINKS"].replace(" ", ",")
    if "UV_INDEX" in variables:
        # pip takes all indexes for equal. That is safe here, since every file must have a hash of the lock.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if options.get("proxy"):
        variables["HTTPS_PROXY"] = options["proxy"]
    return variables


def usable(name: str, value: str) -> bool:
    return name not in os.environ and (name != "SSL_CERT_FILE" or Path(value).is_file())


if __name__ == "__main__":
    for name, value in variables_of_uv(options_of_pip()).items():
        if usable(name, value):
            print(f"export {name}={shlex.quote(value)}")
