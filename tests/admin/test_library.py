"""The library of pictures, as the editor's dialog asks for it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blog.admin.api import pictures
from blog.editing.pending import save_pending
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import save_post
from blog.models import Image, PictureUse, Post
from tests.admin.test_images import picture
from tests.factories import make_author, make_draft, make_image, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("desk:picture_list"), reverse("desk:picture_add")


@pytest.fixture
def editor(client):
    user = make_user(role=EDITOR)
    client.force_login(user)
    return user


def found(client, **query):
    return [row["alt"] for row in client.get(LIST, query).json()["pictures"]]


def use(client, image, **texts):
    return client.post(reverse("desk:picture_use", args=[image.pk]), texts)


def add(client, data):
    return client.post(ADD, {"image": SimpleUploadedFile("a.png", data, "image/png")})


# --- what there is ---


def test_newest_picture_stands_first_and_every_word_narrows(client, editor):
    make_image("red", alt="赤い図", caption="決算")
    make_image("blue", alt="青い図", credit="通信社")
    assert found(client) == ["青い図", "赤い図"]
    assert found(client, q="赤い 決算") == ["赤い図"]
    assert found(client, q="通信社") == ["青い図"]
    assert found(client, q="red.png") == ["赤い図"]
    assert found(client, q="ない語 \0") == []


def test_filters_tell_what_is_used_here_nowhere_and_without_a_text(client, editor):
    in_text, lead, face, on_page = (make_image(color, alt=color) for color in ("red", "blue", "green", "navy"))
    make_image("pink", alt="pink")
    make_image("teal")
    make_post(body=f"![]({in_text.file.url})\n", lead_image=lead)
    make_author("署名", "byline", avatar=face)
    make_page(body=f"![]({on_page.file.url})\n")
    assert found(client, show="nowhere") == ["", "pink"]
    assert found(client, show="no_alt") == [""]
    assert found(client, show="here", name=in_text.file.url, key=lead.pk) == ["blue", "red"]
    assert found(client, show="here", key="x' OR 1=1") == []
    uses = {row["alt"]: (row["uses"], row["is_used"]) for row in client.get(LIST).json()["pictures"]}
    assert uses["red"] == uses["blue"] == (1, True)
    assert uses["green"] == uses["navy"] == (0, True)
    assert uses["pink"] == (0, False)


def test_picture_of_a_change_that_waits_is_used(client, editor):
    in_text, lead = make_image("red", alt="赤"), make_image("blue", alt="青")
    make_image("pink", alt="桃")
    post = make_post()
    post.body, post.lead_image = f"![]({in_text.file.url})\n", lead
    save_pending(post, by=editor, tags=[], related=[], expected_version=post.version)
    assert found(client, show="nowhere") == ["桃"]
    assert [row["is_used"] for row in client.get(LIST).json()["pictures"]] == [False, True, True]


def test_waiting_changes_of_others_tell_a_writer_nothing(client, editor):
    image, post = make_image(alt="図"), make_post(author=make_author("別の人", "other"))
    post.body = f"![]({image.file.url})\n"
    save_pending(post, by=editor, tags=[], related=[], expected_version=post.version)
    assert found(client, show="nowhere") == []
    client.force_login(make_user("writer", role=WRITER))
    assert found(client, show="nowhere") == ["図"]
    assert client.get(LIST).json()["pictures"][0]["is_used"] is False


def test_only_who_may_write_and_see_pictures_is_answered(client):
    image = make_image()
    for user in (None, make_user("nobody"), make_user("author", permissions=("add_post",))):
        if user:
            client.force_login(user)
        for response in (client.get(LIST), add(client, picture()), use(client, image, alt="図")):
            assert response.status_code == 403, user
            assert response.json()["error"]


# --- a new one ---


def test_same_bytes_are_the_same_picture_and_keep_its_texts(client, editor):
    first = add(client, picture()).json()
    assert (first["is_known"], first["picture"]["name"]) == (False, "a.png")
    Image.objects.update(alt="赤い図")
    again = add(client, picture()).json()
    assert (again["is_known"], again["picture"]["key"], again["picture"]["alt"]) == (
        True,
        first["picture"]["key"],
        "赤い図",
    )
    assert Image.objects.count() == 1
    assert LogEntry.objects.filter(content_type__model="image").count() == 1


# --- in a text ---


def test_texts_are_asked_for_and_fill_what_the_library_lacks(client, editor):
    image = make_image(caption="元の説明")
    assert "代替テキスト" in use(client, image).json()["error"]
    assert use(client, image, alt="長" * 301).status_code == 400
    answer = use(client, image, alt="赤い図", caption="記事だけの説明", credit="通信社").json()
    assert answer["code"] == f'![赤い図]({image.file.url} "記事だけの説明")'
    image.refresh_from_db()
    assert (image.alt, image.caption, image.credit) == ("赤い図", "元の説明", "通信社")
    assert use(client, image, alt="別の文").json()["code"].startswith("![別の文]")
    image.refresh_from_db()
    assert image.alt == "赤い図"


def test_writer_fills_only_a_picture_that_nothing_shows(client):
    free, lead, in_text, face, on_page = (make_image(color) for color in ("red", "blue", "green", "navy", "teal"))
    make_draft("伏せた記事", lead_image=lead)
    make_post(body=f"![]({in_text.file.url})\n")
    make_author("署名", "byline", avatar=face)
    make_page(body=f"![]({on_page.file.url})\n")
    client.force_login(make_user(role=WRITER))
    for image in (free, lead, in_text, face, on_page):
        assert use(client, image, alt="図", caption="説明").json()["code"].startswith("![図]")
        image.refresh_from_db()
        assert (image.alt, image.caption) == (("図", "説明") if image == free else ("", ""))
    refused = use(client, lead, alt="図", credit="通信社")
    assert (refused.status_code, refused.json()["error"]) == (403, pictures.NO_CREDIT)
    assert LogEntry.objects.filter(content_type__model="image").count() == 1


# --- which article shows which picture ---


def test_save_keeps_which_pictures_the_text_shows():
    red, blue = make_image("red"), make_image("blue")
    post = make_post(body=f"![]({red.file.url})\n![]({red.file.url})\n![]({blue.file.url})\n")
    assert set(PictureUse.objects.filter(post=post).values_list("image", flat=True)) == {red.pk, blue.pk}
    post = Post.objects.get(pk=post.pk)
    post.body = f"![]({blue.file.url})\n"
    save_post(post)
    assert list(PictureUse.objects.values_list("image", flat=True)) == [blue.pk]
    post.body = "文だけ。"
    save_post(post)
    assert not PictureUse.objects.exists()
