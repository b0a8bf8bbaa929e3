import pytest

from bench.site import describe, getter, page_paths
from blog.sample_posts import create_sample_posts

# The getter gives its connection back after each request, which no open transaction would survive.
pytestmark = pytest.mark.django_db(transaction=True)


def test_every_page_to_measure_answers_and_tells_its_queries() -> None:
    create_sample_posts(120, chars=100)
    paths = page_paths()
    assert len(set(paths.values())) == len(paths)
    for path in paths.values():
        described = describe(path)
        assert described["queries"] >= 1
        assert described["bytes"] > 100


def test_last_pages_are_the_last_ones() -> None:
    create_sample_posts(120, chars=100)
    paths = page_paths()
    assert (paths["list, middle"], paths["list, last"]) == ("/?page=3", "/?page=7")
    for name in ("list, last", "big tag, last"):
        path, _, number = paths[name].rpartition("=")
        with pytest.raises(SystemExit, match="answers 404"):
            getter(f"{path}={int(number) + 1}")()
