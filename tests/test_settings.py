"""The settings module is run in a process of its own, as every start of the site does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.starts import read_settings

ROOT = Path(__file__).parent.parent
GOOD = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "SITE_URL": "https://www.example.jp",
    "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
}


def read(environment: dict[str, str], *names: str) -> dict:
    # An empty value keeps a developer's own .env from filling the name in.
    clean = {"PATH": os.environ["PATH"], "DEBUG": "0", "SECRET_KEY": "", "SITE_URL": "", "ALLOWED_HOSTS": ""}
    clean |= {"TRUSTED_PROXIES": "0", "DJANGO_SETTINGS_MODULE": "allforces.settings"} | environment
    if not clean["ALLOWED_HOSTS"]:
        del clean["ALLOWED_HOSTS"]
    return read_settings(clean, *names)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz0123"}, "SECRET_KEY"),
        ({"SITE_URL": ""}, "SITE_URL"),
        ({"SITE_URL": "https://日本.jp"}, "xn--"),
        ({"SITE_URL": "https://a b.jp"}, "SITE_URL"),
        ({"SITE_URL": "www.example.jp"}, "SITE_URL"),
        ({"SITE_URL": "http://www.example.jp"}, "not encrypted"),
        ({"SITE_URL": "http://127.0.0.1.evil.example"}, "not encrypted"),
        ({"SITE_URL": "https://www.example.jp/blog"}, "SITE_URL"),
        ({"SITE_URL": "https://user:pass@www.example.jp"}, "SITE_URL"),
        ({"DEBUG": "yes"}, "DEBUG"),
        ({"PORT": "eighty"}, "PORT"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"STATEMENT_TIMEOUT": "20s"}, "STATEMENT_TIMEOUT"),
        ({"ERROR_REPORT_URL": "mailto:desk"}, "ERROR_REPORT_URL"),
        ({"ERROR_REPORT_URL": "desk@example.jp"}, "ERROR_REPORT_URL"),
        ({"WEBSUB_HUB": "hub.example.com"}, "WEBSUB_HUB"),
        ({"CRAWLERS_REFUSED": "GPTBot, Claude Bot"}, "CRAWLERS_REFUSED"),
        ({"CRAWLERS_ALLOWED": "googlebot", "CRAWLERS_REFUSED": "GPTBot,GoogleBot"}, "both name googlebot"),
        ({"SECURITY_CONTACT": "http://www.example.jp/"}, "SECURITY_CONTACT"),
        ({"VERIFICATION_FILES": "google123.html"}, "VERIFICATION_FILES"),
        ({"VERIFICATION_FILES": "a.js=x"}, "VERIFICATION_FILES"),
        ({"MEDIA_BUCKET": "pictures"}, "MEDIA_BUCKET"),
        ({"MEDIA_BUCKET": "https://KEY:a/b@s3.example.jp/pictures"}, "MEDIA_BUCKET"),
        ({"PURGE_URLS": "127.0.0.1:8081"}, "PURGE_URLS"),
        ({"PURGE_URLS": "http://:8081"}, "PURGE_URLS"),
        ({"PURGE_URLS": "http://a b:8081"}, "PURGE_URLS"),
        ({"PURGE_URLS": "http://a\\b:8081"}, "PURGE_URLS"),
        ({"PURGE_URLS": "http://user:pass@127.0.0.1:8081"}, "PURGE_URLS"),
        ({"PURGE_URLS": "http://127.0.0.1:65536"}, "PURGE_URLS"),
        ({"PURGE_URLS": "file:///etc/passwd"}, "PURGE_URLS"),
    ],
)
def test_unsafe_start_is_refused_with_a_sentence_that_names_the_setting(changes, says):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(GOOD | changes, "DEBUG")
    assert says in str(refused.value)


def test_crawler_that_one_list_names_leaves_the_default_of_the_other():
    names = ("CRAWLERS_ALLOWED", "CRAWLERS_REFUSED")
    allowed, refused = read(GOOD | {"CRAWLERS_ALLOWED": "gptbot"}, *names).values()
    assert (allowed, "GPTBot" in refused, "ClaudeBot" in refused) == (["gptbot"], False, True)
    allowed, refused = read(GOOD | {"CRAWLERS_REFUSED": "PerplexityBot"}, *names).values()
    assert ("PerplexityBot" in allowed, "OAI-SearchBot" in allowed, refused) == (False, True, ["PerplexityBot"])
    assert read(GOOD | {"CRAWLERS_REFUSED": ""}, "CRAWLERS_REFUSED") == {"CRAWLERS_REFUSED": []}


def test_https_site_turns_on_secure_cookies_redirect_and_hsts():
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
    values = read(GOOD, *names, "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS")
    assert [values[name] for name in names] == [True, True, "__Host-sessionid", "__Host-csrftoken"]
    assert values["SECURE_SSL_REDIRECT"]
    assert values["SECURE_HSTS_SECONDS"] >= 31536000
    assert values["ALLOWED_HOSTS"] == ["www.example.jp"]


def test_loopback_site_works_over_plain_http():
    values = read(
        GOOD | {"SITE_URL": "http://127.0.0.1:8000/"},
        *("SITE_URL", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS"),
    )
    assert values == {
        "SITE_URL": "http://127.0.0.1:8000",
        "SESSION_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
    }


def test_debug_needs_nothing():
    values = read({"DEBUG": "1", "PORT": "8123"}, "DEBUG", "SITE_URL")
    assert values == {"DEBUG": True, "SITE_URL": "http://127.0.0.1:8123"}


def test_databases_are_tuned():
    sqlite = read(GOOD, "DATABASES")["DATABASES"]["default"]
    assert sqlite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in sqlite["OPTIONS"]["init_command"]
    postgres = read(GOOD | {"DATABASE_URL": "postgres://u:p@localhost/db"}, "DATABASES")["DATABASES"]["default"]
    assert postgres["OPTIONS"]["pool"]
    assert postgres["CONN_HEALTH_CHECKS"]


def test_forwarded_protocol_is_believed_only_from_a_trusted_proxy():
    assert read(GOOD, "SECURE_PROXY_SSL_HEADER") == {"SECURE_PROXY_SSL_HEADER": None}
    trusted = read(GOOD | {"TRUSTED_PROXIES": "1"}, "SECURE_PROXY_SSL_HEADER")
    assert trusted["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


# --- what a request asks of the database, unlike a command ---

ASK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(%r)
    print(cursor.fetchone()[0])
"""
WEB = "from allforces.wsgi import application\n"
COMMAND = "import django\ndjango.setup()\n"


def answer_in(process: str, statement: str, **changes: str) -> str:
    environment = GOOD | {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "allforces.settings", "DEBUG": "0"}
    code = [sys.executable, "-c", process + ASK % statement]
    run = subprocess.run(code, env=environment | changes, cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def timeout_in(process: str, **changes: str) -> str:
    return answer_in(process, "SHOW statement_timeout", DATABASE_URL=os.environ["DATABASE_URL"], **changes)


@pytest.mark.sqlite
def test_what_a_request_has_answered_for_outlives_the_power_of_the_machine(tmp_path):
    place = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "DATA_DIR": str(tmp_path)}
    assert answer_in(WEB, "PRAGMA synchronous", **place) == "2"  # FULL
    assert answer_in(COMMAND, "PRAGMA synchronous", **place) == "1"


@pytest.mark.postgresql
def test_statement_of_a_request_has_a_time_out_and_that_of_a_command_has_none():
    assert timeout_in(WEB) == "20s"
    assert timeout_in(COMMAND, STATEMENT_TIMEOUT="5") == "0"


@pytest.mark.parametrize(
    "database", ["postgres://u:p@localhost/db", "postgres://u:p@localhost/db?options=-c%20jit%3Doff"]
)
def test_options_of_a_connection_are_its_own_where_the_time_out_is_none(database):
    """A pooler that takes no options must not be sent any."""
    values = read(GOOD | {"DATABASE_URL": database, "STATEMENT_TIMEOUT": "0", "ANSWERS_REQUESTS": "1"}, "DATABASES")
    asked = "-c jit=off" if "jit" in database else None
    assert values["DATABASES"]["default"]["OPTIONS"].get("options") == asked
    for told, seconds in (({}, 20), ({"STATEMENT_TIMEOUT": "5"}, 5)):
        values = read(GOOD | {"DATABASE_URL": database, "ANSWERS_REQUESTS": "1"} | told, "DATABASES")
        both = f"-c statement_timeout={seconds}s {asked or ''}".strip()
        assert values["DATABASES"]["default"]["OPTIONS"]["options"] == both


def test_media_bucket_is_one_setting():
    asked = {"MEDIA_BUCKET": "https://KEY:a%2Fb%2B@s3.example.jp:9000/pictures?region=auto"}
    storage = read(GOOD | asked, "STORAGES")["STORAGES"]["default"]
    assert storage["BACKEND"] == "blog.pictures.bucket.BucketStorage"
    assert storage["OPTIONS"] == {
        "bucket_name": "pictures",
        "endpoint_url": "https://s3.example.jp:9000",
        "region_name": "auto",
        "access_key": "KEY",
        "secret_key": "a/b+",
        "is_hurried": False,
    }
    asked["ANSWERS_REQUESTS"] = "1"
    assert read(GOOD | asked, "STORAGES")["STORAGES"]["default"]["OPTIONS"]["is_hurried"]
    role = read(GOOD | {"MEDIA_BUCKET": "https://s3.example.jp/pictures"}, "STORAGES")["STORAGES"]["default"]["OPTIONS"]
    assert (role["access_key"], role["secret_key"], role["region_name"]) == (None, None, "us-east-1")


def test_wrong_media_bucket_is_refused_without_its_secret():
    with pytest.raises(ImproperlyConfigured, match="MEDIA_BUCKET must be like") as refused:
        read(GOOD | {"MEDIA_BUCKET": "https://KEY:hush-hush@s3.example.jp/Not A Bucket"}, "STORAGES")
    told = str(refused.value.__cause__)  # the traceback that the process ended with
    assert "ImproperlyConfigured" in told
    assert "hush-hush" not in told
