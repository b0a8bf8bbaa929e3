"""Keeps one worker running for as long as the process that started this one lives: `start.serve` becomes gunicorn."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "manage.py", "run_worker", "--no-reload"]
LOOKS_EVERY = 0.2  # seconds
PAUSE = 2  # seconds before a worker that ended is replaced, as it did when the database is away


def start() -> None:
    subprocess.Popen([sys.executable, "-m", "scripts.worker"], cwd=ROOT)


def keep_running(server: int) -> None:
    while os.getppid() == server:
        worker = subprocess.Popen(COMMAND, cwd=ROOT)
        while worker.poll() is None:
            if os.getppid() != server:
                worker.terminate()  # it finishes what it is doing
                return
            time.sleep(LOOKS_EVERY)
        time.sleep(PAUSE)


if __name__ == "__main__":
    # Ctrl-C reaches the server too, and the worker ends after it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_running(os.getppid())
