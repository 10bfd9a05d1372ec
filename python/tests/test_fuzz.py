"""Every public callable gets what nobody would pass: only typed exceptions come back.

Runs in a child process whose memory is capped, so that a crash is a failed test. LINNET_FUZZ_CALLS
sets the number of calls, LINNET_FUZZ_SEED the seed.
"""

import os
import pathlib
import subprocess
import sys

SCRIPT = pathlib.Path(__file__).parent / "fuzz_calls.py"


def test_no_call_crashes(tmp_path):
    calls = os.environ.get("LINNET_FUZZ_CALLS", "5000")
    seed = os.environ.get("LINNET_FUZZ_SEED", "1")
    run = subprocess.run([sys.executable, "-X", "faulthandler", str(SCRIPT), calls, seed,
                          str(tmp_path)], capture_output=True, text=True, timeout=1200)
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
