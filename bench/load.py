"""Asks with wrk, so that a server is never idle: https://github.com/wg/wrk (apt install wrk)."""

import re
import subprocess
from collections.abc import Mapping

from bench.servers import BenchError

ANSWERS = r"^\s*([0-9]+) requests in"  # in wrk's output
CONNECTIONS = 4  # with one, what is measured is how threads wake each other


def requests_answered(url: str, headers: Mapping[str, str], seconds: float) -> int:
    """Asks for whole seconds, one at least, and returns how many answers came. Raises BenchError."""
    return int(read(press(url, headers, seconds), ANSWERS))


def press(url: str, headers: Mapping[str, str], seconds: float) -> str:
    command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={max(round(seconds), 1)}s"]
    command += [f"--header={name}: {value}" for name, value in headers.items()]
    result = subprocess.run([*command, url], capture_output=True, text=True, check=False)
    if result.returncode:
        raise BenchError(f"wrk cannot measure {url}: {result.stderr or result.stdout}")
    return result.stdout


def read(output: str, wanted: str) -> float:
    """Reads a number from wrk's output. Raises BenchError for answers other than 2xx or 3xx and failed connections."""
    number = re.search(wanted, output, re.MULTILINE)
    trouble = re.search(r"^\s*(Non-2xx or 3xx responses|Socket errors):.*", output, re.MULTILINE)
    if trouble or not number:
        raise BenchError(f"wrk did not get the page each time: {trouble[0] if trouble else output}")
    return float(number[1])
