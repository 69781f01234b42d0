"""`make run` works on a machine that had nothing installed but python3 and make."""

import subprocess
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools/bare_debian.sh"


@pytest.mark.long
def test_make_run_serves_on_a_bare_debian_and_the_second_time_within_five_seconds():
    done = subprocess.run([TOOL], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 2:
        pytest.skip(done.stderr)

    assert done.returncode == 0, done.stderr
