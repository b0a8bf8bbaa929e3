"""The page of all findings at the desk."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from blog.models import PostFinding
from tests.editing.checking.fakes import NOISE, SIGH
from tests.factories import make_category, make_draft, make_post

pytestmark = pytest.mark.django_db
URL = reverse("admin:blog_postfinding_changelist")
MAY = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


def counts(response):
    return {
        name: [(row["code"], row["number"].findings, row["number"].fixable, row["url"]) for row in rows]
        for name, rows in response.context["groups"]
    }


def listed(response):
    return [(finding.post.title, finding.code, finding.line) for finding in response.context["cl"].result_list]


def test_counts_stand_above_the_list_errors_first(desk):
    make_post("一", body=f"{NOISE}{NOISE}\n\n{SIGH}私が\n")
    make_draft("二", body=f"\n{NOISE}\n")
    response = desk.get(URL)
    assert counts(response) == {
        "公開を止める指摘": [("marker", 3, 3, "?code=marker")],
        "助言": [("bold", 1, 1, "?code=bold"), ("foreign", 1, 0, "?code=foreign")],
    }
    assert listed(response) == [
        *(("二", "marker", 2), ("一", "marker", 1), ("一", "marker", 1)),
        *(("一", "bold", 3), ("一", "foreign", 1)),
    ]


def test_list_and_counts_follow_the_filters(desk):
    section = make_category("企業", "companies")
    make_post("一", body=f"{NOISE}{SIGH}")
    make_post("二", body=f"{NOISE}{SIGH}", category=section)
    make_post("三", body=NOISE, category=section, at=MAY)
    assert listed(desk.get(URL, {"code": "bold"})) == [("二", "bold", 1), ("一", "bold", 1)]
    response = desk.get(URL, {"section": section.pk, "month": "202605"})
    assert listed(response) == [("三", "marker", 1)]
    kept = f"?section={section.pk}&month=202605&code=marker"
    assert counts(response)["公開を止める指摘"] == [("marker", 1, 1, kept)]
    assert desk.get(kept.join((URL, ""))).status_code == 200
    for wrong in ({"section": "999"}, {"month": "202613"}, {"code": "nonsense"}, {"section": "x"}, {"month": "\x00"}):
        assert len(listed(desk.get(URL, wrong))) == 5, wrong


def test_each_finding_leads_to_its_article_and_line(desk):
    post = make_post("<b>題名</b>", body=f"一。\n{NOISE}\n")
    page = desk.get(URL).content.decode()
    assert f'<a href="{reverse("admin:blog_post_change", args=[post.pk])}#line-2">&lt;b&gt;題名&lt;/b&gt;</a>' in page
    assert "2行目" in page


def test_page_without_findings_says_so(desk):
    make_post()
    page = desk.get(URL).content.decode()
    assert "指摘はありません" in page
    assert '<p class="paginator">' not in page  # which would say the same again
    assert 'type="checkbox"' not in page


def test_findings_without_a_fix_offer_none(desk):
    make_post(body="私が\n")
    page = desk.get(URL).content.decode()
    assert "自動で直せるものはありません" in page
    assert 'type="checkbox"' not in page


def test_cost_does_not_grow_and_no_text_is_loaded(desk, django_assert_max_num_queries):
    for number in range(60):
        make_post(f"題名{number}", body=f"{NOISE}{SIGH}")
    with django_assert_max_num_queries(13) as queries:
        response = desk.get(URL)
    assert len(listed(response)) == 50
    assert not any('"body"' in query["sql"] for query in queries)


def test_nobody_adds_changes_or_deletes_one(desk):
    make_post(body=NOISE)
    finding = PostFinding.objects.get()
    assert desk.get(reverse("admin:blog_postfinding_add")).status_code == 403
    for page in ("change", "delete"):
        assert (
            desk.post(reverse(f"admin:blog_postfinding_{page}", args=[finding.pk]), {"post": "yes"}).status_code == 403
        )
    assert PostFinding.objects.exists()
