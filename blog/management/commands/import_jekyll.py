"""Imports the articles of a Jekyll site: `import_jekyll PATH`."""

import logging
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from blog.jekyll.config import ConfigError
from blog.jekyll.importing import import_jekyll
from blog.jekyll.report import logger
from blog.jekyll.tree import TreeError


class Command(BaseCommand):
    help = "Imports the articles of a Jekyll site, its images and every URL they ever had. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="root of the Jekyll site, with _posts and _config.yml in it")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would be done")
        parser.add_argument(
            "--overwrite", action="store_true", help="take the file where the desk changed the article too"
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the whole report to FILE, as JSON")

    def handle(self, *, path: Path, dry_run: bool, overwrite: bool, report: Path | None, **options: Any) -> None:
        if options["verbosity"] > 1:
            logger.setLevel(logging.DEBUG)  # each finding with its file and line
        progress = Bar() if sys.stderr.isatty() else self.show_progress
        try:
            result = import_jekyll(path, dry_run=dry_run, overwrite=overwrite, progress=progress)
        except (TreeError, ConfigError) as error:
            raise CommandError(str(error)) from error
        for line in result.lines():
            self.stdout.write(line)
        if report:
            try:
                result.write(report)
            except OSError as error:
                raise CommandError(f"the report cannot be written: {error}") from error
        if dry_run:
            self.stdout.write("Nothing was written: this was a dry run.")
        if failures := result.failures():
            raise CommandError("\n".join([f"{len(failures):,} could not be imported:", *failures]))

    def show_progress(self, phase: str, done: int, total: int) -> None:
        if done * 10 // total > (done - 1) * 10 // total:
            self.stdout.write(f"{phase}: {done:,} of {total:,}")


class Bar:
    """A progress bar for each phase, for a terminal."""

    def __init__(self) -> None:
        self.phase = ""

    def __call__(self, phase: str, done: int, total: int) -> None:
        if phase != self.phase:
            self.phase, self.bar = phase, tqdm(total=total, desc=phase, unit=" files")
        self.bar.update(done - self.bar.n)
        if done == total:
            self.bar.close()
