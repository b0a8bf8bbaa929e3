"""Measures the desk check of a long article, which runs while a writer writes."""

import time
from random import Random

from bench.report import spread
from blog.text.desk import Draft, World, check

CHARS, ROUNDS = 50_000, 20
NAME = f"desk check of {CHARS:,} characters"


def cost_of_check() -> dict[str, float]:
    """Returns the milliseconds of CPU for one check."""
    from blog.sample_posts import write_body  # it imports the models, which need Django to be set up

    draft = Draft(title="長い記事の題", excerpt="長い記事のリード文。", body=write_body(Random(CHARS), CHARS))
    world = World(own_origin="https://allforces.example")
    check(draft, world)  # compiles what a process compiles only once
    return spread(_milliseconds(draft, world) for _ in range(ROUNDS))


def _milliseconds(draft: Draft, world: World) -> float:
    began = time.process_time()
    check(draft, world)
    return (time.process_time() - began) * 1000
