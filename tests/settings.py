"""Settings of the test run: hermetic, whatever `.env` and the shell say. DATABASE_URL alone picks the database."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_scratch = Path(tempfile.mkdtemp(prefix="allforces-test-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
for _folder in ("static", "media"):
    (_scratch / _folder).mkdir()

os.environ.update(
    DEBUG="0",
    SECRET_KEY="for-tests-only-0123456789abcdefghijklmnopqrstuvwxyz",
    PORT="8000",
    SITE_URL="http://127.0.0.1:8000",
    SITE_NAME="ALLFORCES",
    ALLOWED_HOSTS="127.0.0.1,localhost",
    DATA_DIR=str(_scratch),
    MEDIA_ROOT=str(_scratch / "media"),
    STATIC_ROOT=str(_scratch / "static"),
    TRUSTED_PROXIES="0",
    PAGE_STORE_BYTES="4000000",
    TWO_FACTOR_REQUIRED="0",
    EMAIL_URL="memorymail://",
    LOG_FORMAT="line",
    MIN_FREE_DISK_MB="0",
    MAX_TASK_WAIT="3600",
    MEDIA_BUCKET="",
    METRICS_TOKEN="",
    SENTRY_DSN="",
    AUDIT_DAYS="0",
    ERROR_REPORT_URL="",
    SPONSORED_HOSTS="amazon.co.jp",
    PURGE_URLS="",
    WEBSUB_HUB="",
    SECURITY_CONTACT="",
    ADS_TXT="",
    VERIFICATION_FILES="",
)
for _name in ("CRAWLERS_ALLOWED", "CRAWLERS_REFUSED"):
    os.environ.pop(_name, None)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from allforces.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
