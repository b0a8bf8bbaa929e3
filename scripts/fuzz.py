"""Runs the property tests with new random examples until the time is up, and prints a failing example as a test.

Arguments go to pytest, as in `tests/text -k render`. Each round prints the seed with which its examples come again.
"""

import argparse
import random
import re
import subprocess
import sys
import textwrap
import time

from scripts.postgres import environment_without_postgres

NO_TESTS = 5
# A test that runs this long hangs on an example: pytest prints where.
STUCK_SECONDS = 600
FAILED = re.compile(
    r"^E +(?:Failing test case|Falsifying example): (?P<test>\w+)\((?P<arguments>.*?)^E +\)", re.MULTILINE | re.DOTALL
)


def regression_tests(output: str) -> list[str]:
    """Finds the failing examples in pytest's output, each as a decorator that makes its test try it in every run."""
    found = []
    for failed in FAILED.finditer(output):
        arguments = re.sub(r"^E", "", failed["arguments"], flags=re.MULTILINE)
        found.append(f"# {failed['test']}\n@example(\n{textwrap.indent(textwrap.dedent(arguments).strip(), '    ')}\n)")
    return list(dict.fromkeys(found))


def fuzz_round(seed: int, arguments: list[str]) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", f"--hypothesis-seed={seed}"]
    command += ["-o", f"faulthandler_timeout={STUCK_SECONDS}", "-o", "faulthandler_exit_on_timeout=true", *arguments]
    environment = environment_without_postgres() | {"HYPOTHESIS_PROFILE": "fuzz"}
    ran = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return ran.returncode, ran.stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    options, arguments = parser.parse_known_args()
    ends_at, rounds = time.monotonic() + options.minutes * 60, 0
    while not rounds or time.monotonic() < ends_at:
        seed, rounds = random.SystemRandom().randrange(2**32), rounds + 1
        print(f"round {rounds}: --hypothesis-seed={seed}", flush=True)
        result, output = fuzz_round(seed, arguments)
        if result == 0:
            continue
        print(output)
        if result == NO_TESTS:
            print("No property test matches.")
        elif found := regression_tests(output):
            print("\n=== Put each of these above its test, and it fails in every run until it is repaired ===\n")
            print("\n\n".join(found))
        return result
    print(f"{rounds} rounds found nothing.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
