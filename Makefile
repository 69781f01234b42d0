# The few commands a developer types. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run check test test-slow bench pages lock messages clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

.venv/.ready: requirements.lock pyproject.toml tools/build.in tools/setup.sh
	@tools/setup.sh

.venv/.ready-dev: requirements-dev.lock requirements.lock pyproject.toml tools/build.in tools/setup.sh
	@tools/setup.sh dev

setup: .venv/.ready ## make .venv with the clearpath command in it

# Compiled modules are kept, even where containers ask Python not to: without them a start takes twice as long.
run: .venv/.ready ## serve the demo network on http://127.0.0.1:8000 (CLEARPATH_PORT chooses another port)
	@unset PYTHONDONTWRITEBYTECODE; CLEARPATH_DEMO=1 exec .venv/bin/clearpath serve --prepare

check: .venv/.ready-dev ## style, types, import rules, migrations, the charter's promises
	@tools/check.sh

test: .venv/.ready-dev ## everything: check, then all but the slowest tests, on SQLite and PostgreSQL, with a browser
	@tools/test.sh

test-slow: .venv/.ready-dev ## the tests that take long, and every property with all examples
	@tools/test.sh slow

bench: .venv/.ready-dev ## every claim beside its peer: benchmarks/results.json
	@tools/bench.sh

pages: .venv/.ready-dev ## take the pictures in docs/pages from the demo network
	@tools/needs.sh chromium libatomic1
	@.venv/bin/python tools/take_screenshots.py

lock: .venv/.ready ## write the locks anew after a change in pyproject.toml
	@tools/lock.sh

messages: .venv/.ready-dev ## gather every text for people into the catalogues, then say what waits for a translation
	@.venv/bin/python tools/messages.py gather
	@.venv/bin/python tools/messages.py compile
	@.venv/bin/python tools/messages.py status
