"""All settings, driven by the environment; `.env` beside manage.py is read, the real environment wins.

Every name is described in `.env.example`. A setting that would make the site unsafe or unreachable stops the
start with a sentence that says what to set.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from allforces import machines
from allforces.reading import (
    LOOPBACK_HOSTS,
    ROOT,
    env,
    read_bool,
    read_count,
    read_error_report_url,
    read_media_storage,
    read_purge_urls,
    read_secret_key,
    read_site_url,
)

# --- the site ---------------------------------------------------------------------------------------------------

BASE_DIR = ROOT
DEBUG = read_bool("DEBUG")
PORT = read_count("PORT", 8000)
SECRET_KEY = read_secret_key(is_debug=DEBUG)
SITE_URL = read_site_url(default=f"http://127.0.0.1:{PORT}" if DEBUG else "")
SITE_NAME = env.str("SITE_NAME", "ALLFORCES")
SITE_DESCRIPTION = env.str(
    "SITE_DESCRIPTION", "AIと投資を、仕組みから読む。技術、企業、市場の動きを確かな事実で伝えるマガジン。"
)
OPERATOR_NAME = env.str("OPERATOR_NAME", "") or SITE_NAME  # who is answerable for it, as its static pages say
ERROR_REPORT_URL = read_error_report_url()
SPONSORED_HOSTS = tuple(env.list("SPONSORED_HOSTS", default=["amazon.co.jp"]))

_site = urlsplit(SITE_URL)
_name = _site.hostname or ""
_host = f"[{_name}]" if ":" in _name else _name
_on_loopback = _site.hostname in LOOPBACK_HOSTS
IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = [host for host in env.list("ALLOWED_HOSTS", default=[]) if host] or sorted(
    {_host, *(("localhost", "127.0.0.1") if _on_loopback else ())}
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

ROOT_URLCONF = "allforces.urls"
WSGI_APPLICATION = "allforces.wsgi.application"
# The site stands at the root of its host. What a server reports as SCRIPT_NAME, a client may have sent to it; it would
# stand before every address that `reverse()` makes, and so in what is remembered of them.
FORCE_SCRIPT_NAME = ""

INSTALLED_APPS = [
    "blog.apps.BlogConfig",
    "blog.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "taggit",
    "markdownx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "django_tasks_db",
    "django.forms",  # the stock widgets, for the renderer below
]

# The headers stand outermost, so that an error raised by any other middleware carries them too.
MIDDLEWARE = [
    "blog.operations.logs.RequestIdMiddleware",
    "blog.delivery.headers.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "blog.operations.health.ProbeMiddleware",  # before whatever asks for the host
    "blog.delivery.bodies.BodyLimitMiddleware",  # before whatever reads a body
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "blog.delivery.outages.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "blog.admin.account.sessions.DeskSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "blog.views.redirects.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates of our own for widgets too
APPEND_SLASH = False  # blog.views.redirects sends every old spelling to its page in one step.

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.context_processors.site",
            ],
            "builtins": ["blog.templatetags.addresses"],
        },
    }
]

# --- what machines are told (see .env.example) ------------------------------------------------------------------

CRAWLERS_ALLOWED, CRAWLERS_REFUSED = machines.read_crawler_policy(env)
SECURITY_CONTACT = machines.read_contact(env, "SECURITY_CONTACT")
ADS_TXT = machines.read_rows(env, "ADS_TXT")
WEBSUB_HUB = machines.read_service(env, "WEBSUB_HUB")
VERIFICATION_FILES = machines.read_files(env, "VERIFICATION_FILES")

# --- what is stored ---------------------------------------------------------------------------------------------

# Seconds after which PostgreSQL gives up what a person at the page or the desk waits for. SQLite knows no such thing.
STATEMENT_TIMEOUT = read_count("STATEMENT_TIMEOUT", 20)

DATA_DIR = (BASE_DIR / env.str("DATA_DIR", "var")).resolve()
if env.str("DATABASE_URL", ""):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "site.sqlite3")}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DATABASES["default"].get("ENGINE") == "django.db.backends.sqlite3":
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)  # SQLite makes the file, no folder
    # Opening the file and its schema anew for each request costs more than the queries of a page.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # What a request has answered for is on the disk, whatever becomes of the machine. A command can be repeated.
    synchronous = "FULL" if read_bool("ANSWERS_REQUESTS") else "NORMAL"
    # Four writers at once: none of 2,665 transactions failed with these, 538 of 1,322 with the defaults.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA mmap_size=134217728;",
    }
elif DATABASES["default"].get("ENGINE") == "django.db.backends.postgresql":
    # A checked pool survives a restart of the server; persistent connections lose a request each. It has a connection
    # for each thread of gunicorn and for the one that looks for changes, which must never wait until a page is made.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 33, "timeout": 3}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if STATEMENT_TIMEOUT and read_bool("ANSWERS_REQUESTS"):
        timeout = f"-c statement_timeout={STATEMENT_TIMEOUT}s"
        asked = DATABASES["default"]["OPTIONS"].get("options", "")
        DATABASES["default"]["OPTIONS"]["options"] = f"{timeout} {asked}".strip()
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")

MIN_FREE_DISK_MB = read_count("MIN_FREE_DISK_MB", 512)  # with less, /readyz answers 503

# With a task that has waited so many seconds, /readyz answers 503: the worker is gone, or cannot keep up. 0: never.
MAX_TASK_WAIT = read_count("MAX_TASK_WAIT", 3600)

# Without a backup by deploy/backup in so many hours, /readyz answers 503. 0: it does not look.
MAX_BACKUP_AGE = read_count("MAX_BACKUP_AGE", 26 if IS_HTTPS else 0)

STATIC_URL = "/static/"
STATIC_ROOT = (BASE_DIR / env.str("STATIC_ROOT", str(DATA_DIR / "static"))).resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
# A file under its plain name would be compressed too, and looked at when a server starts, though no page asks for it.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_URL = "/media/"
MEDIA_ROOT = (BASE_DIR / env.str("MEDIA_ROOT", str(DATA_DIR / "media"))).resolve()
STORAGES = {
    "default": read_media_storage(),
    "staticfiles": {"BACKEND": "blog.delivery.static.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 2**20  # a draft of four million characters is kept, although it cannot be saved
PICTURE_MAX_BYTES = 20 * 2**20
# No upload is written before it is checked: whoever is logged in may send as much as a view holds in memory anyway.
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE + PICTURE_MAX_BYTES + 2**20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- language and text ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "allforces.formats"
LOCALE_PATHS = [BASE_DIR / "blog" / "locale"]  # Django's words as the house writes them

TAGGIT_CASE_INSENSITIVE = True
MARKDOWNX_MARKDOWNIFY_FUNCTION = "blog.models.post.rendering.markdownify"
MARKDOWNX_URLS_PATH = "/admin/markdownx/markdownify/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/desk/pictures/add/"

# --- work after a save ------------------------------------------------------------------------------------------

PURGE_URLS = read_purge_urls()
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # see blog.models.queued_task

# --- security ---------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # see blog.operations.health
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other hosts of the domain are not ours to promise for
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # ask for that, and for the list of those who promise it
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True

# Django alone reads what proxies say of a request; gunicorn is told to believe nobody.
TRUSTED_PROXIES = read_count("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What each process keeps of pages that are ready to be sent; see blog.delivery.store. A developer's templates change.
PAGE_STORE_BYTES = read_count("PAGE_STORE_BYTES", 0 if DEBUG else 128 * 2**20)

# The desk has the only login; Django's defaults are addresses that this site does not have.
LOGIN_URL = LOGOUT_REDIRECT_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

PASSWORD_HASHERS = [  # the first one makes new ones
    "blog.admin.account.hashing.BoundedArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in {
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator": {},
        "django.contrib.auth.password_validation.MinimumLengthValidator": {"min_length": 12},
        "django.contrib.auth.password_validation.CommonPasswordValidator": {},
        "django.contrib.auth.password_validation.NumericPasswordValidator": {},
    }.items()
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds; a link of a mail also ends with its first use

# Five wrong passwords for one user from one address, each within 15 minutes of the last, lock this user out there until
# 15 minutes have gone by; so do, for every user, FAILURES_PER_ADDRESS. See blog.admin.account.locks.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "blog.admin.account.locks.DeskLocks"
AXES_FAILURE_LIMIT = 5
FAILURES_PER_ADDRESS = 50
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "blog.admin.account.locks.counted_address"
AXES_USERNAME_CALLABLE = "blog.admin.account.locks.username_of"
AXES_LOCKOUT_CALLABLE = "blog.admin.account.locks.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who goes on trying does not keep the owner out for ever
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Everybody who comes to the desk must show a one-time code after the password; without this, those who set it up.
TWO_FACTOR_REQUIRED = read_bool("TWO_FACTOR_REQUIRED", IS_HTTPS)
OTP_TOTP_ISSUER = SITE_NAME

# A session ends after so long without a request to the desk, and at last after SESSION_LONGEST; see
# blog.admin.account.sessions. A change of the password ends all others of the user.
SESSION_COOKIE_AGE = 8 * 3600  # seconds
SESSION_LONGEST = 7 * 24 * 3600  # seconds

AUDIT_DAYS = read_count("AUDIT_DAYS", 0)  # for so long the log of acts is kept; 0 stands for ever

# --- mail and logs ----------------------------------------------------------------------------------------------

locals().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10  # seconds; other tasks wait while a notice leaves
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"no-reply@{_site.hostname}")

SENTRY_DSN = env.str("SENTRY_DSN", "")

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
if METRICS_TOKEN:
    if len(METRICS_TOKEN) < 20 or not METRICS_TOKEN.isascii():
        raise ImproperlyConfigured("METRICS_TOKEN must be at least 20 random characters of ASCII.")
    MIDDLEWARE.insert(0, "blog.operations.metrics.MetricsMiddleware")
    # Where the processes of a host count together. The files are mapped: on a full disk each write would end the
    # process, so they lie in memory, in what systemd gives the service or where glibc has its semaphores.
    _memory = os.environ.get("RUNTIME_DIRECTORY") or "/dev/shm"  # noqa: S108  no name that anybody could have made
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", f"{_memory}/allforces-metrics-{PORT}-{os.getuid()}")

LOG_FORMAT = env.str("LOG_FORMAT", "line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT must be line or json, not {LOG_FORMAT!r}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "blog.operations.logs.RequestIdFilter"},
        "client_error": {"()": "blog.operations.logs.ClientErrorFilter"},
    },
    "formatters": {
        "line": {
            "()": "blog.operations.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {request_id}: {message}",
            "style": "{",
        },
        "json": {"()": "blog.operations.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id", "client_error"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},  # failures and locks, not what it cleaned up
    },
}
