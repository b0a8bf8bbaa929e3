"""Names that scripts outside the house rely on."""

from blog import publishing
from blog.editing import saving


def test_save_post_is_where_scripts_look_for_it():
    assert publishing.save_post is saving.save_post
    assert publishing.StaleVersion is saving.StaleVersion
