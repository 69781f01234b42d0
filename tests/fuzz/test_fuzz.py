"""The fuzzers for a while, and files made to hurt. CLEARPATH_FUZZ_SECONDS chooses another while."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clearpath.records.check import check
from tests.fuzz.hostile import MAKERS

SECONDS = os.environ.get("CLEARPATH_FUZZ_SECONDS", "120")
MEGABYTE = 1_000_000
SIZE = 5 * MEGABYTE


@pytest.mark.long
@pytest.mark.parametrize("what", ["check", "links"])
def test_nothing_that_a_fuzzer_finds_makes_it_raise_or_hang(what, tmp_path):
    pytest.importorskip("atheris")
    script = Path(__file__).parent / f"fuzz_{what}.py"

    ran = subprocess.run([sys.executable, script, SECONDS], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr[-4000:]


@pytest.mark.long
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
@pytest.mark.parametrize("name", MAKERS)
def test_a_large_file_made_to_hurt_takes_two_seconds_a_megabyte_and_twenty_times_its_memory(name):
    """In a process of its own, whose memory nothing else has grown."""
    program = "from tests.fuzz.test_fuzz import measure; import sys; measure(sys.argv[1])"

    ran = subprocess.run([sys.executable, "-c", program, name], capture_output=True, text=True, check=True)
    seconds, memory, size = map(float, ran.stdout.split())

    assert seconds <= 2 * size / MEGABYTE
    assert memory <= 20 * size


def measure(name: str) -> None:
    check(
        b'{"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Patient"}}]}', profile="ips"
    )
    content = MAKERS[name](SIZE)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    before, began = _kilobytes("VmRSS"), time.process_time()
    check(content, profile="ips")
    sys.stdout.write(f"{time.process_time() - began} {(_kilobytes('VmHWM') - before) * 1024} {len(content)}")


def _kilobytes(key: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key))
