"""Every public callable gets what nobody would pass, and every reader damaged files: only typed
exceptions come back.

Runs in child processes whose memory is capped, so that a crash is a failed test. LINNET_FUZZ_CALLS
sets the number of calls and files, LINNET_FUZZ_SEED the seed.
"""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent


@pytest.mark.parametrize("script, count", [("fuzz_calls.py", "5000"), ("fuzz_files.py", "1500")])
def test_nothing_crashes(script, count, tmp_path):
    count = os.environ.get("LINNET_FUZZ_CALLS", count)
    seed = os.environ.get("LINNET_FUZZ_SEED", "1")
    run = subprocess.run([sys.executable, "-X", "faulthandler", str(HERE / script), count, seed,
                          str(tmp_path)], capture_output=True, text=True, timeout=1200)
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
