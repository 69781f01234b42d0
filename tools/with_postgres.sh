#!/bin/sh
# Runs a command against a throw-away PostgreSQL: tools/with_postgres.sh COMMAND...
#
# The cluster lives in a temporary folder, listens on a socket in it and on no network, and is gone afterwards.
# CLEARPATH_DATABASE points the command to it. Ends with the command's own exit status, or 2 when it could not
# start.
set -eu

fail() { echo "with_postgres: $*" >&2; exit 2; }

[ $# -gt 0 ] || fail "say what to run: tools/with_postgres.sh COMMAND..."

BIN=
for folder in /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ]; then BIN=$folder; fi
done
if [ -z "$BIN" ] && command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then
    BIN=$(dirname "$(command -v initdb)")
fi
[ -n "$BIN" ] || fail "there is no PostgreSQL server here: initdb, pg_ctl and postgres are in none of
  /usr/lib/postgresql/*/bin and not on the PATH. On Debian: apt-get install postgresql"

# PostgreSQL refuses to run as root; the package made the user postgres, nobody exists everywhere.
AS=
if [ "$(id -u)" = 0 ]; then
    AS=$(id -un postgres 2>/dev/null || echo nobody)
    command -v su >/dev/null || fail "root needs su to start the server as $AS"
fi
as_owner() {
    if [ -n "$AS" ]; then su -s /bin/sh "$AS" -c "$1"; else sh -c "$1"; fi
}

HOME_OF_CLUSTER=$(mktemp -d "${TMPDIR:-/tmp}/clearpath-postgres.XXXXXX")
stop() {
    status=$?
    trap - EXIT INT TERM
    as_owner "'$BIN/pg_ctl' -D '$HOME_OF_CLUSTER/data' -m immediate -w stop" >/dev/null 2>&1 || true
    rm -rf "$HOME_OF_CLUSTER"
    exit $status
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
[ -z "$AS" ] || chown "$AS" "$HOME_OF_CLUSTER"

cd "$HOME_OF_CLUSTER"
as_owner "'$BIN/initdb' -D '$HOME_OF_CLUSTER/data' -U clearpath -A trust -E UTF8 --locale=C --no-sync" \
    >initdb.log 2>&1 || { cat initdb.log >&2; fail "initdb failed"; }
# No fsync: what is lost in a power cut is only a test.
as_owner "'$BIN/pg_ctl' -D '$HOME_OF_CLUSTER/data' -l '$HOME_OF_CLUSTER/data/server.log' -w -t 60 start \
    -o \"-k '$HOME_OF_CLUSTER' -p 55432 -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=100\"" \
    >start.log 2>&1 || { cat start.log data/server.log >&2; fail "the server did not start"; }
as_owner "'$BIN/createdb' -h '$HOME_OF_CLUSTER' -p 55432 -U clearpath clearpath" || fail "createdb failed"
cd "$OLDPWD"

CLEARPATH_DATABASE="postgresql://clearpath@:55432/clearpath?host=$HOME_OF_CLUSTER"
export CLEARPATH_DATABASE
"$@"
