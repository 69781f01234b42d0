#!/bin/sh
# Tries `make run` on a Debian that has nothing but python3 and make: tools/bare_debian.sh [SUITE] [test]
#
# In a temporary folder, as root, with debootstrap. Runs what is committed. Says how long the first and the second
# start took; ends with 1 when one of them does not serve, or the second takes 5 s or more, and with 2 when it
# cannot try. `test` tries `make test` instead. A mirror and certificates of pip's own variables (PIP_INDEX_URL,
# PIP_CERT) are handed on.
set -eu
cd "$(dirname "$0")/.."
SUITE=${1:-bookworm}
WHAT=${2:-run}
PORT=${CLEARPATH_PORT:-8766}

say() { echo "bare_debian: $*" >&2; }
[ "$(id -u)" = 0 ] || { say "only root can make a Debian in a folder"; exit 2; }
command -v debootstrap >/dev/null || { say "there is no debootstrap. On Debian: apt-get install debootstrap"; exit 2; }

ROOT=$(mktemp -d "${TMPDIR:-/tmp}/clearpath-bare.XXXXXX")
chmod 755 "$ROOT" # everybody inside walks through it
RUN=
stop() {
    [ -z "$RUN" ] || ! kill -TERM "$RUN" 2>/dev/null || wait "$RUN" || true
    RUN=
}
trap 'stop; rm -rf --one-file-system "$ROOT"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "making a bare $SUITE"
debootstrap --variant=minbase --include=python3,make "$SUITE" "$ROOT" >"$ROOT.log" 2>&1 || {
    tail "$ROOT.log" >&2; rm -f "$ROOT.log"; say "debootstrap failed"; exit 2
}
rm -f "$ROOT.log"
mkdir -p "$ROOT/srv/clearpath"
git archive HEAD | tar -x -C "$ROOT/srv/clearpath"
cp /etc/resolv.conf "$ROOT/etc/resolv.conf"
set -- PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "CLEARPATH_PORT=$PORT"
[ -z "${PIP_INDEX_URL:-}" ] || set -- "$@" "PIP_INDEX_URL=$PIP_INDEX_URL"
if [ -n "${PIP_CERT:-}" ]; then
    cp "$PIP_CERT" "$ROOT/root/certificates.pem"
    set -- "$@" PIP_CERT=/root/certificates.pem
fi

# serves NAME: starts `make run`, waits for its one line, asks for the page, stops it; prints the seconds it took.
serves() {
    name=$1; shift
    : >"$ROOT/out"
    began=$(date +%s%N)
    chroot "$ROOT" env -i "$@" sh -c 'cd /srv/clearpath && exec make run' >"$ROOT/out" 2>"$ROOT/err" &
    RUN=$!
    until grep -q 'Clearpath runs on' "$ROOT/out"; do
        kill -0 $RUN 2>/dev/null || { cat "$ROOT/err" >&2; say "the $name start ended before it served"; exit 1; }
        sleep 0.05
    done
    milliseconds=$((($(date +%s%N) - began) / 1000000))
    python3 -c "import urllib.request as u; page = u.urlopen('http://127.0.0.1:$PORT/').read().decode()
assert 'demo/sign-in' in page, page[:2000]" || { say "the $name start serves no door to the demo"; exit 1; }
    [ "$(wc -l <"$ROOT/out")" = 1 ] || { cat "$ROOT/out" >&2; say "the $name start prints more than one line"; exit 1; }
    say "$name start: $((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000))) s: $(cat "$ROOT/out")"
    stop
}

if [ "$WHAT" = test ]; then
    # Mounts of its own, gone with the command: a browser and a database server ask for /proc and /dev/shm.
    # shellcheck disable=SC2016 - the inner shell expands
    exec_in='root=$1; shift; mount --rbind /dev "$root/dev"; mount -t proc proc "$root/proc"
             exec chroot "$root" env -i "$@" sh -c "cd /srv/clearpath && exec make test"'
    unshare --mount sh -ec "$exec_in" sh "$ROOT" "$@" && say "make test passed" || { say "make test failed"; exit 1; }
    exit 0
fi

serves first "$@"
serves second "$@"
[ "$milliseconds" -lt 5000 ] || { say "the second start took 5 s or more"; exit 1; }
