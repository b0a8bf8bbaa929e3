"""A site that is written to is backed up by restic and restored in an empty place; rows, files and pages are compared.

The first backup, of a quiet site, must bring back exactly what was there. The second is made while an editor writes: it
must hold whatever was acknowledged before it began, and no row without its files.
"""

import json
import subprocess
import time
from pathlib import Path

from bench.servers import ROOT
from tests.drill.sites import Site, Sites
from tests.drill.tallies import Tally

SAMPLE_CONTENT = Path(__file__).parents[2] / "blog" / "sample_content"
ACKNOWLEDGED = 5  # saves before the second backup begins
FOUND = """
from django.core.files.storage import default_storage
from blog.models import Post
from blog.pictures.stored_files import named_files
lost = sum(not default_storage.exists(name) for name in named_files())
print(lost, Post.objects.filter(slug__startswith="busy").count())
"""


def drill(sites: Sites, posts: int) -> Tally:
    """`posts` is how many made-up articles stand beside those of the sample content."""
    tally = Tally()
    site, folder = quiet(tally, sites, posts)
    busy(tally, site, sites.make_bare("busy_copy"), folder)
    return tally


def quiet(tally: Tally, sites: Sites, posts: int) -> tuple[Site, Path]:
    """Fills a site, and restores its backup elsewhere. Returns the site and the folder of its backups."""
    site, folder = sites.make("origin"), sites.folder / "backups"
    if not sites.tables:
        site.manage("migrate", "-v0")
    site.manage("import_jekyll", SAMPLE_CONTENT, "-v0")
    if posts:
        site.manage("create_sample_posts", f"--count={posts}", "--chars=2000")
    began = time.monotonic()
    restic(site, folder, "deploy/backup")
    tally.figures = f"backup {time.monotonic() - began:.1f} s, "
    compare(tally, site, sites.make_bare("copy"), folder)
    return site, folder


def restic(site: Site, folder: Path, script: str) -> None:
    """Runs a script of deploy/ for the site, on a repository in the folder. Raises CalledProcessError."""
    told = {"RESTIC_REPOSITORY": str(folder), "RESTIC_PASSWORD": "of a drill", "RESTIC_CACHE_DIR": f"{folder}.cache"}
    subprocess.run([ROOT / script], cwd="/", env=site.environment | told, check=True)


def compare(tally: Tally, site: Site, copy: Site, folder: Path) -> None:
    began = time.monotonic()
    restic(copy, folder, "deploy/restore")
    tally.figures += f"restore {time.monotonic() - began:.1f} s; "
    before, after = (json.loads(each.run("-m", "tests.drill.contents").stdout) for each in (site, copy))
    for kind, found in before.items():
        names = found.keys() | after[kind].keys()
        different = [f"{kind}: {name}" for name in names if found.get(name) != after[kind].get(name)]
        tally.figures += f"{len(found)} {kind}, {len(different)} different; "
        tally.failures += different if found else [f"there are no {kind}"]


def busy(tally: Tally, site: Site, copy: Site, folder: Path) -> None:
    with site.start("-m", "tests.drill.writing", "busy") as writer:
        for _ in range(ACKNOWLEDGED):
            acknowledged = int(writer.stdout.readline())
        restic(site, folder, "deploy/backup")
        writer.communicate()  # ends the input, and with it the writer
    restic(copy, folder, "deploy/restore")
    told = copy.manage("shell", "-v0", "-c", FOUND, check=False)
    if told.returncode:
        tally.failures.append(told.stdout + told.stderr)
        return
    lost, found = map(int, told.stdout.splitlines()[0].split())
    tally.figures += f"while written to: {acknowledged} articles before, {found} in the backup, {lost} files lost"
    tally.failures += ["files of rows are missing"] if lost else []
    tally.failures += ["acknowledged articles are missing"] if found < acknowledged else []
