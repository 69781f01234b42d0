#!/bin/sh
# Style, types, import rules, migrations and the charter's promises. Runs all of them, then says which failed.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
export DJANGO_SETTINGS_MODULE=clearpath.config.settings

FAILED=
check() {
    name=$1; shift
    if output=$("$@" 2>&1); then
        echo "ok      $name"
    else
        echo "FAILED  $name: $*"
        echo "$output" | sed 's/^/        /'
        FAILED="$FAILED $name"
    fi
}

check format ruff format --check --output-format concise .
check style ruff check --output-format concise .
check types mypy
check imports lint-imports
check templates djlint src --quiet --lint
check messages python tools/messages.py check
check readability python tools/readability.py
echo "$output" | sed 's/^/        /'
check migrations clearpath makemigrations --check --dry-run
check charter clearpath charter check src/clearpath/charter/data/charter.yaml

[ -z "$FAILED" ] || { echo "check: failed:$FAILED" >&2; exit 1; }
