#!/bin/sh
# Everything that must hold: tools/test.sh [slow]
#
# Style, types and rules beside the tests on SQLite with a browser; then on PostgreSQL all that meets a database, which
# a scenario does not: it brings its own. `slow` runs those that take minutes, among them the sight of everybody at
# every address on PostgreSQL, and asks every property with all examples instead of a fifth.
set -eu
cd "$(dirname "$0")/.."

SIGHT=tests/stories/test_least_sight.py

[ "${1:-}" = slow ] && MORE=debootstrap || MORE=
tools/needs.sh chromium libatomic1 postgresql $MORE

# A home of its own: no test touches the developer's data, and every secret is a fresh one.
CLEARPATH_HOME=$(mktemp -d "${TMPDIR:-/tmp}/clearpath-tests.XXXXXX")
export CLEARPATH_HOME
trap 'rm -rf "$CLEARPATH_HOME"' EXIT
# Compiled modules are kept, even where containers ask Python not to: every process would compile everything anew.
unset PYTHONDONTWRITEBYTECODE
unset CLEARPATH_DATABASE CLEARPATH_DEMO CLEARPATH_DEBUG CLEARPATH_HTTPS CLEARPATH_JOBS_INLINE

if [ "${1:-}" = slow ]; then
    .venv/bin/pytest -m "long or hypothesis" --hypothesis-profile=thorough
    tools/with_postgres.sh .venv/bin/pytest -q -m long "$SIGHT"
    exit
fi

# The check takes one core for long, so that it runs beside the first tests.
FAILED=
tools/check.sh >"$CLEARPATH_HOME/check.txt" 2>&1 &
CHECK=$!
trap 'kill "$CHECK" 2>/dev/null || true; rm -rf "$CLEARPATH_HOME"' EXIT
echo "tests on SQLite"
.venv/bin/pytest -q -n 2 -m "not long" || FAILED="$FAILED SQLite"
wait "$CHECK" || FAILED="$FAILED check"
cat "$CLEARPATH_HOME/check.txt"
echo "tests on PostgreSQL"
tools/with_postgres.sh .venv/bin/pytest -q -n 2 -m "not long and not browser" \
    --ignore=tests/charter --ignore=tests/architecture --ignore=tests/web --ignore="$SIGHT" \
    --ignore=tests/config/test_scenarios.py || FAILED="$FAILED PostgreSQL"

[ -z "$FAILED" ] || { echo "test: failed:$FAILED" >&2; exit 1; }
