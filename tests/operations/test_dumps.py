"""What a dump brings back. A whole site by restic is compared in tests/drill."""

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post
from tests.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dump(tmp_path):
    make_post(slug="stays", title="題")
    call_command("dump_site", tmp_path / "dump")
    return tmp_path / "dump"


def test_dump_brings_back_the_rows_and_nothing_newer(dump):
    Post.objects.update(title="今の題")
    make_post(slug="newer")
    call_command("load_site", dump, overwrite=True)
    assert [(post.slug, post.title) for post in Post.objects.all()] == [("stays", "題")]
    call_command("dump_site", dump)  # of what was loaded
    call_command("load_site", dump, overwrite=True)
    assert Post.objects.get().title == "題"


def test_site_with_content_is_replaced_only_on_demand(dump):
    with pytest.raises(CommandError, match="has content"):
        call_command("load_site", dump)


@pytest.mark.parametrize("damage", ["of another database", "is no database"])
def test_dump_that_cannot_be_loaded_leaves_the_site_as_it_was(dump, damage):
    [file] = dump.iterdir()
    if damage == "is no database":
        file.write_text("nothing")
    else:
        file.rename(dump / "database.oracle")
    with pytest.raises(CommandError, match="The database is as it was: "):
        call_command("load_site", dump, overwrite=True)
    assert Post.objects.get().slug == "stays"


def test_dump_is_nobody_elses_to_read(dump):
    assert dump.stat().st_mode & 0o077 == 0
