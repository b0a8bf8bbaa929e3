"""Metrics for Prometheus: requests by view and status, their durations, the queue, and the age of the newest backup.

Only requests that reach Django are counted, not those answered by the page store (`delivery/store`) or by
nginx. The proxy's log has every request.

All processes of a host count together, in files in memory: `prometheus_client` looks for their folder when it is
imported, so the settings name it before. Only what METRICS_TOKEN turns on imports this module.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from blog.delivery.outages import is_database_away
from blog.models import QueuedTask
from blog.operations.health import last_backup

NAMES = ("method", "view", "status")
METHODS = {"GET", "HEAD", "POST"}  # any other may be a word that the client made up
REQUESTS = Counter("allforces_requests", "Answers", NAMES)
SECONDS = Histogram(
    "allforces_request_seconds",
    "Time until the answer",
    ("view",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class MetricsMiddleware:
    """Counts each request under the name of its view, because strangers choose addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        begin()  # once, before the server forks its processes; a command of manage.py counts nothing

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, view, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began)
        return response


class QueueCollector(Collector):
    """Reads the age of the newest backup and, if the database is not away, the queue, each time Prometheus asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        succeeded_at = last_backup()
        moment = succeeded_at.timestamp() if succeeded_at else 0
        yield GaugeMetricFamily("allforces_backup_success_timestamp_seconds", "The last backup; 0: never", moment)
        if is_database_away():
            return
        waiting, since = QueuedTask.objects.waiting()
        age = (timezone.now() - since).total_seconds() if since else 0
        yield GaugeMetricFamily("allforces_tasks_waiting", "Tasks that a worker could begin", waiting)
        yield GaugeMetricFamily("allforces_tasks_oldest_seconds", "How long the oldest of them has waited", max(age, 0))
        yield GaugeMetricFamily("allforces_tasks_failed", "Tasks that failed", QueuedTask.objects.failed().count())


def has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    registry.register(QueueCollector())
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers=headers)


def begin() -> None:
    """Makes the folder of the counts, and removes those of servers that ended."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        process = file.stem.rpartition("_")[2]
        if process.isdigit() and not Path("/proc", process).exists():
            file.unlink(missing_ok=True)
