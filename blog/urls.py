"""Every public address. Names are `object_action`. Other sites rely on the addresses, so they stay."""

from django.urls import path, register_converter

from blog import converters
from blog.views import archives, home, identity, lists, media, pages, posts, preview
from blog.views.search import results, suggestions
from blog.wire import feeds, machines, markdown, sitemaps

register_converter(converters.YearConverter, "year")
register_converter(converters.TwoDigitConverter, "two")
register_converter(converters.SegmentConverter, "segment")
register_converter(converters.SegmentsConverter, "segments")
register_converter(converters.RootFileConverter, "root_file")

app_name = "blog"

# The wire: feeds, sitemaps, robots.txt, the description of the search.
wire_urlpatterns = [
    path("feed.xml", feeds.SiteFeed(), name="feed"),
    path("atom.xml", feeds.SiteAtomFeed(), name="atom_feed"),
    path("feed.json", feeds.SiteJsonFeed(), name="json_feed"),
    path("feeds/<segment:slug>.xml", feeds.CategoryFeed(), name="category_feed"),
    path("tags/<segment:slug>/feed.xml", feeds.TagFeed(), name="tag_feed"),
    path("authors/<segment:slug>/feed.xml", feeds.AuthorFeed(), name="author_feed"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap"),
    path("sitemaps/posts-<year:year>-<two:month>.xml", sitemaps.month_sitemap, name="sitemap_month"),
    path("sitemaps/<slug:section>.xml", sitemaps.sitemap, name="sitemap_section"),
    path("robots.txt", machines.robots, name="robots"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("llms.txt", machines.llms, name="llms"),
    path(".well-known/security.txt", machines.security, name="security"),
]

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("articles/", lists.AllPostsView.as_view(), name="post_list"),
    path("today/", archives.TodayView.as_view(), name="today"),
    path("archive/", archives.ArchiveIndexView.as_view(), name="archive_index"),
    path("category/<segment:slug>/", lists.CategoryView.as_view(), name="category_detail"),
    path("tags/", lists.TagIndexView.as_view(), name="tag_list"),
    path("tags/<segment:slug>/", lists.TagView.as_view(), name="tag_detail"),
    path("authors/<segment:slug>/", lists.AuthorView.as_view(), name="author_detail"),
    path("search/", results.SearchView.as_view(), name="search"),
    path("search/suggestions.json", suggestions.suggestions, name="search_suggestions"),
    path("feeds/", pages.FeedListView.as_view(), name="feed_list"),
    path("favicon.ico", identity.favicon, name="favicon"),
    path("manifest.webmanifest", identity.manifest, name="manifest"),
    path("preview/<segment:token>/", preview.PreviewView.as_view(), name="preview"),
    path("media/<segments:path>", media.serve_media, name="media"),
    *wire_urlpatterns,
    path("<year:year>/<two:month>/", archives.MonthView.as_view(), name="archive_month"),
    path("<year:year>/<two:month>/<two:day>/", archives.EditionView.as_view(), name="archive_day"),
    path("<year:year>/<two:month>/<two:day>/<segment:slug>/", posts.PostView.as_view(), name="post_detail"),
    path("<year:year>/<two:month>/<two:day>/<segment:slug>/tate/", posts.PostTateView.as_view(), name="post_tate"),
    path("<year:year>/<two:month>/<two:day>/<segment:slug>/index.md", markdown.post_markdown, name="post_markdown"),
    path("<root_file:name>", machines.root_file, name="root_file"),
    path("<segments:path>/", pages.PageView.as_view(), name="page_detail"),
]
