"""How long the demo takes to be ready: its first start (which invents the county) and its second.

.venv/bin/python -m benchmarks.start_up
"""

import subprocess
import sys
import tempfile
import time

from palauteketju.project.demo import free_port


def seconds_to_ready(folder: str, port: int) -> float:
    """Start the demo, wait for its Ready line, stop it with SIGTERM."""
    began = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-m", "palauteketju.project.cli", "demo", "--port", str(port), "--data", folder],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in demo.stdout:
            if line.startswith("Ready:"):
                return time.perf_counter() - began
        raise SystemExit("The demo ended before it was ready.")
    finally:
        demo.terminate()
        demo.wait(timeout=60)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="palauteketju-benchmark-") as folder:
        port = free_port()
        print(f"first start: {seconds_to_ready(folder, port):.1f} s")
        for _again in range(3):
            print(f"later start: {seconds_to_ready(folder, port):.1f} s")


if __name__ == "__main__":
    main()
