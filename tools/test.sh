#!/bin/sh
# Everything that must hold: tools/test.sh [slow]
#
# Style, types and rules beside the tests on SQLite with a browser; then on PostgreSQL all that meets a database, which
# a scenario does not: it brings its own. `slow` runs those that take minutes, asks every property with all examples
# instead of a fifth, and on PostgreSQL draws pages and papers and looks at every address as everybody.
set -eu
cd "$(dirname "$0")/.."

SIGHT=tests/stories/test_least_sight.py
# What is drawn from what queries answer, and looks the same whichever database answered.
DRAWN="tests/*/test_*pages.py tests/config/test_demo_forums.py tests/forums/test_ratings_are_personal.py
    tests/records/test_printed.py tests/records/test_summary_reachable.py tests/records/test_taking_home.py"

# A home of its own: no test touches the developer's data, and every secret is a fresh one.
CLEARPATH_HOME=$(mktemp -d "${TMPDIR:-/tmp}/clearpath-tests.XXXXXX")
export CLEARPATH_HOME
trap 'rm -rf "$CLEARPATH_HOME"' EXIT
# Compiled modules are kept, even where containers ask Python not to: every process would compile everything anew.
unset PYTHONDONTWRITEBYTECODE
unset CLEARPATH_DATABASE CLEARPATH_DEMO CLEARPATH_DEBUG CLEARPATH_HTTPS CLEARPATH_JOBS_INLINE

if [ "${1:-}" = slow ]; then
    tools/needs.sh chromium libatomic1 postgresql debootstrap
    .venv/bin/pytest -m "long or hypothesis" --hypothesis-profile=thorough
    tools/with_postgres.sh .venv/bin/pytest -q -m long "$SIGHT"
    # shellcheck disable=SC2086 - one word per file
    tools/with_postgres.sh .venv/bin/pytest -q -n 2 -m "not long and not browser" $DRAWN
    exit
fi

# The check takes one core for long, so that it runs beside the installation and the first tests.
FAILED=
tools/check.sh >"$CLEARPATH_HOME/check.txt" 2>&1 &
CHECK=$!
trap 'kill "$CHECK" 2>/dev/null || true; rm -rf "$CLEARPATH_HOME"' EXIT
tools/needs.sh chromium libatomic1 postgresql
echo "tests on SQLite"
.venv/bin/pytest -q -n 2 --dist worksteal -m "not long" || FAILED="$FAILED SQLite"
wait "$CHECK" || FAILED="$FAILED check"
cat "$CLEARPATH_HOME/check.txt"
echo "tests on PostgreSQL"
set --
for each in $DRAWN "$SIGHT" tests/charter tests/architecture tests/web tests/config/test_scenarios.py; do
    set -- "$@" --ignore="$each"
done
tools/with_postgres.sh .venv/bin/pytest -q -n 2 --dist worksteal -m "not long and not browser" "$@" ||
    FAILED="$FAILED PostgreSQL"

[ -z "$FAILED" ] || { echo "test: failed:$FAILED" >&2; exit 1; }
