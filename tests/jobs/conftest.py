import pytest

from clearpath.jobs import registry


@pytest.fixture
def handlers(monkeypatch):
    """An empty registry: the test says what its jobs do."""
    monkeypatch.setattr(registry, "HANDLERS", {})
    monkeypatch.setattr(registry, "PERIODS", {})
    monkeypatch.setattr("clearpath.jobs.runner.HANDLERS", registry.HANDLERS)
    for module in ("runner", "leases"):
        monkeypatch.setattr(f"clearpath.jobs.{module}.PERIODS", registry.PERIODS)
    return registry.HANDLERS


@pytest.fixture
def ran(handlers):
    """Jobs of kind `note` add their payload and their moment to this list."""
    done = []
    handlers["note"] = lambda payload, *, now: done.append((payload, now))
    return done
