#!/bin/sh
# Makes .venv from the lock, with the `clearpath` command in it: tools/setup.sh [dev]
#
# `dev` adds the tools of the tests; once they are there, they stay. `make` calls this only when a lock changed.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

PYTHON=${PYTHON:-python3}
command -v "$PYTHON" >/dev/null || fail "there is no $PYTHON. On Debian: apt-get install python3"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$PYTHON" --version) is too old: Clearpath needs Python 3.11 or newer. PYTHON=... names another one."

# Debian keeps the part of Python that makes environments in a package of its own.
if ! "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing python3-venv, which $PYTHON lacks"
        export DEBIAN_FRONTEND=noninteractive
        said=$({ apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } 2>&1) ||
            { echo "$said" >&2; fail "python3-venv could not be installed. Install it, then run make again."; }
    fi
    "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$PYTHON cannot make environments. Install its package and run make again: apt-get install python3-venv"
fi

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "making .venv"
    "$PYTHON" -m venv --clear .venv
fi

LOCK=requirements.lock
if [ "${1:-}" = dev ] || [ -e .venv/.ready-dev ]; then LOCK=requirements-dev.lock; fi
rm -f .venv/.ready

# uv takes seconds where pip takes a minute. It is itself of the lock, and so is what builds the project.
awk '/^[^ ]/ { ours = /^uv==/ } ours' "$LOCK" >.venv/uv.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
eval "$(.venv/bin/python tools/pip_to_uv.py)"
say "installing what $LOCK names"
.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "$LOCK"
.venv/bin/uv pip install --quiet --python .venv/bin/python --offline --no-build-isolation --no-deps --editable .

touch .venv/.ready
[ "$LOCK" = requirements.lock ] || touch .venv/.ready-dev
