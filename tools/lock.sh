#!/bin/sh
# Locks what pyproject.toml asks for; versions already locked stay: tools/lock.sh [--upgrade | --upgrade-package NAME]
#
# Hashes but no addresses: the same lock serves behind any mirror. The second lock holds the first and the tools of
# the tests.
set -eu
cd "$(dirname "$0")/.."

eval "$(.venv/bin/python tools/pip_to_uv.py)"
lock() {
    out=$1; shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --output-file "$out" pyproject.toml tools/build.in "$@"
}
lock requirements.lock "$@"
lock requirements-dev.lock --extra dev --constraint requirements.lock "$@"
