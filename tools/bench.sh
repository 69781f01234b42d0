#!/bin/sh
# Every claim beside its peer, on both databases: tools/bench.sh [NAME...]
set -eu
cd "$(dirname "$0")/.."
tools/needs.sh postgresql
exec .venv/bin/python benchmarks/run.py "$@"
