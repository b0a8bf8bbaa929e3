"""Measures requests per second with wrk, if it is installed: https://github.com/wg/wrk (apt install wrk)."""

import re
import shutil
import subprocess

from bench.measure import Subject
from bench.servers import BenchError

CONNECTIONS = 4  # as many as a worker has threads


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def requests_per_second(subject: Subject, seconds: float) -> float:
    """Measures how many requests the server answers if it is never idle. Raises BenchError."""
    url = f"http://{subject.server.host}:{subject.server.port}{subject.path}"
    command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={max(round(seconds), 1)}s"]
    command += [f"--header=Cookie: {subject.cookie}"] if subject.cookie else []
    result = subprocess.run([*command, url], capture_output=True, text=True, check=False)
    if result.returncode:
        raise BenchError(f"wrk cannot measure {url}: {result.stderr or result.stdout}")
    return read(result.stdout)


def read(output: str) -> float:
    """Reads the rate from wrk's output. Raises BenchError for answers other than 2xx or 3xx and failed connections."""
    rate = re.search(r"^Requests/sec:\s*([0-9.]+)", output, re.MULTILINE)
    trouble = re.search(r"^\s*(Non-2xx or 3xx responses|Socket errors):.*", output, re.MULTILINE)
    if trouble or not rate:
        raise BenchError(f"wrk did not get the page each time: {trouble[0] if trouble else output}")
    return float(rate[1])
