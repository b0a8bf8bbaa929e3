"""The preview: the public page as readers would get it if the form were saved now."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextField
from django.forms.models import construct_instance
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from blog.admin.api.endpoints import Refused, edited_page, edited_post, for_writers
from blog.admin.fields import BodyField, LineField, LinesField, TagsField, UntouchedMixin
from blog.editing import permissions
from blog.editing.fields import FIELDS, Kind
from blog.editing.preview import give_tags, publish_unsaved
from blog.models import Page, Post
from blog.models.taxonomy import validate_slug
from blog.queries.article_page import article_page
from blog.text.japanese import reading_minutes

# A key that no row has, so that look-ups of related rows for the unsaved post find nothing.
UNSAVED = 0


class PreviewForm(UntouchedMixin, forms.ModelForm):
    """Takes the valid values of a form that is being filled in. No field is required.

    A field that the request lacks, or whose value is invalid, keeps its stored value.
    """

    title = LineField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in list(self.fields.items()):
            field.required = False
            if field.widget.value_omitted_from_data(self.data, self.files, name):
                del self.fields[name]

    def _post_clean(self) -> None:
        construct_instance(self, self.instance, self._meta.fields)

    def fill(self) -> None:
        """Validates the form and fills in its instance. Raises Refused for a body that is not allowed."""
        if "body" in self.errors:
            raise Refused(self.errors["body"][0])


PREVIEWED = [field.name for field in FIELDS if field.kind not in (Kind.TAGS, Kind.RELATED)]


class PostPreviewForm(PreviewForm):
    slug = LineField(max_length=Post._meta.get_field("slug").max_length, validators=[validate_slug])
    tag_names = TagsField(required=False)

    class Meta:
        model = Post
        fields = PREVIEWED
        field_classes = {
            **{name: LinesField for name in PREVIEWED if isinstance(Post._meta.get_field(name), TextField)},
            "body": BodyField,
        }


class PagePreviewForm(PreviewForm):
    class Meta:
        model = Page
        fields = ("title", "body")
        field_classes = {"body": BodyField}


@require_POST
@for_writers
def preview_post(request: HttpRequest) -> JsonResponse:
    """The preview of the article in the form. `object` is its key if it was saved before."""
    post = edited_post(request.user, request.POST.get("object", ""))
    post = post or Post(pk=UNSAVED, author=permissions.author_of(request.user))
    form = PostPreviewForm(request.POST, instance=post)
    seen = permissions.visible_tags(request.user)
    if "tag_names" in form.fields:
        form.fields["tag_names"].among = seen
    if not permissions.may_publish(request.user):
        # A save would ignore the author, and the preview would reveal the name of any key.
        form.fields.pop("author", None)
    form.fill()
    try:
        publish_unsaved(post)
    except ValidationError as error:
        raise Refused(error.messages[0]) from error
    if "tag_names" in form.cleaned_data:
        give_tags(post, form.cleaned_data["tag_names"], seen)
    return page(request, "desk/post_preview.html", article_page(post), post.body_html)


@require_POST
@for_writers
def preview_page(request: HttpRequest) -> JsonResponse:
    """The preview of the static page in the form. `object` is its key if it was saved before."""
    static_page = edited_page(request.user, request.POST.get("object", "")) or Page()
    PagePreviewForm(request.POST, instance=static_page).fill()
    try:
        static_page.render()
    except ValidationError as error:
        raise Refused(error.messages[0]) from error
    return page(request, "desk/page_preview.html", {"static_page": static_page}, static_page.body_html)


def page(request: HttpRequest, template: str, context: dict[str, Any], body_html: str) -> JsonResponse:
    html = render_to_string(template, context, request)
    data = {"html": html, "reading_minutes": reading_minutes(body_html)}
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})  # half the size in Japanese
