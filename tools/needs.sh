#!/bin/sh
# Makes sure that Debian packages are there: tools/needs.sh PACKAGE...
#
# As root it installs what is missing; otherwise it says exactly what, and fails.
set -eu

has() {
    case $1 in
    chromium) [ -x /usr/bin/chromium ] ;;
    postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null ;;
    libatomic1) ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 ;; # what drives the browser is linked to it
    *) command -v "$1" >/dev/null ;;
    esac
}

missing() {
    for package in "$@"; do
        has "$package" || echo "$package"
    done
}

MISSING=$(missing "$@" | xargs)
[ -n "$MISSING" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing $MISSING" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 - one word per package
    said=$({ apt-get update -qq && apt-get install -y -qq --no-install-recommends $MISSING; } 2>&1) || echo "$said" >&2
    MISSING=$(missing "$@" | xargs)
    [ -n "$MISSING" ] || exit 0
fi
echo "These packages are missing: $MISSING. Install them and try again: sudo apt-get install $MISSING" >&2
exit 1
