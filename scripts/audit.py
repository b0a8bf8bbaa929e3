"""Looks for known vulnerabilities, for secrets in the tree, and writes the bill of materials: `make audit`.

An audit that could not ask anybody is no audit: where the source of advisories cannot be reached, it fails.
`make lint` looks for secrets alone.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-s3.txt", "requirements-dev.txt")
KNOWN_SECRETS = ".secrets.baseline"  # what looks like one and is none, each looked at by a person
ONLY_MOVED = 3  # what detect-secrets answers if nothing is new, but stands on another line
RUNS_ON = "requirements-s3.txt"  # all that requirements.txt has, and what a bucket needs
BILL = Path("var", "sbom.cdx.json")


def vulnerabilities(lock: str) -> bool:
    """Whether nothing that the lock pins has a known vulnerability. What it pins is read from it alone."""
    print(f"== vulnerabilities of {lock}", flush=True)
    with tempfile.TemporaryDirectory() as cache:  # an answer that is kept from yesterday is none
        asked = ["--disable-pip", "--require-hashes", "--cache-dir", cache, "--requirement", lock]
        return _passes("-m", "pip_audit", "--strict", *asked)


def secrets(files: list[str]) -> bool:
    """Whether the files hold nothing that looks like a secret, but for what KNOWN_SECRETS lists."""
    print(f"== secrets in {len(files):,} files", flush=True)
    with tempfile.TemporaryDirectory() as folder:  # a copy: the tool writes into it where a known line has moved
        baseline = shutil.copy(ROOT / KNOWN_SECRETS, folder)
        command = [sys.executable, "-m", "detect_secrets.pre_commit_hook", "--baseline", baseline, *files]
        return subprocess.run(command, cwd=ROOT, check=False).returncode in (0, ONLY_MOVED)


def tracked() -> list[str]:
    """The files of the repository, without locks (made of hashes) and the list of what is known."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    made = {*LOCKS, KNOWN_SECRETS}
    return [name for name in listed.split("\0") if name and name not in made and not name.endswith("package-lock.json")]


def bill_of_materials(out: Path) -> bool:
    """Writes what the site runs on, with versions and hashes, as CycloneDX."""
    print(f"== bill of materials in {out}", flush=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    asked = ["--output-reproducible", "--spec-version", "1.6", "--output-file", str(out), RUNS_ON]
    return _passes("-m", "cyclonedx_py", "requirements", *asked) and len(components(out)) > 1


def components(bill: Path) -> list[str]:
    return [f"{part['name']}=={part['version']}" for part in json.loads(bill.read_text("utf-8"))["components"]]


def _passes(*command: str) -> bool:
    return subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offline", action="store_true", help="leave out what asks the network")
    parser.add_argument("--secrets", action="store_true", help="look for secrets alone")
    options = parser.parse_args()
    results = {"secrets": secrets(tracked())}
    if not options.secrets:
        results["bill of materials"] = bill_of_materials(ROOT / BILL)
    if not (options.secrets or options.offline):
        results |= {f"vulnerabilities of {lock}": vulnerabilities(lock) for lock in LOCKS}
    for name, passed in results.items():
        print(f"{'passed' if passed else 'FAILED'}: {name}")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
