"""The queue of what saves leave to the worker; `tests/delivery/test_worker.py` kills one."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus

from blog.editing import mail
from blog.models import QueuedTask
from blog.models.queued_task import LEASE, MOST_ATTEMPTS, pause_after
from blog.pictures.cards import refresh_card
from tests.queue import do_queued_tasks, try_queued_tasks

State = TaskResultStatus


def states():
    return sorted(QueuedTask.objects.values_list("status", flat=True))


@pytest.mark.django_db
def test_work_of_a_save_that_is_rolled_back_is_not_done():
    with transaction.atomic():
        mail.send.enqueue(["a@example.jp"], "題", "本文")
        transaction.set_rollback(True)
    do_queued_tasks()
    assert django_mail.outbox == []


@pytest.mark.django_db
def test_failed_task_is_tried_again_after_a_pause_that_grows_and_in_the_end_stays_failed(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    mail.send.enqueue(["a@example.jp"], "題", "本文")
    now = timezone.now()
    for attempt in range(1, MOST_ATTEMPTS):
        with time_machine.travel(now, tick=False):
            try_queued_tasks()
            QueuedTask.objects.requeue()
            task = QueuedTask.objects.get()
            assert (task.status, task.attempts, task.run_after) == (State.READY, attempt, now + pause_after(attempt))
            try_queued_tasks()
            assert QueuedTask.objects.get().attempts == attempt  # it is not due
        now = task.run_after
    with time_machine.travel(now, tick=False):
        try_queued_tasks()
        QueuedTask.objects.requeue()
    assert states() == [State.FAILED]
    assert "smtplib" in QueuedTask.objects.get().traceback
    assert [pause_after(attempts).seconds for attempts in (1, 2, 3, 9)] == [10, 30, 90, 3600]


@pytest.mark.django_db
def test_task_is_late_once_it_should_have_begun_a_minute_ago():
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        refresh_card.enqueue(0)
    with time_machine.travel(now + timedelta(seconds=59)):
        assert not QueuedTask.objects.late().exists()
    with time_machine.travel(now + timedelta(seconds=61)):
        assert QueuedTask.objects.late().exists()
        QueuedTask.objects.update(run_after=timezone.now() - timedelta(seconds=1))  # it is to be tried again since now
        assert not QueuedTask.objects.late().exists()
        try_queued_tasks()
        assert not QueuedTask.objects.late().exists()


@pytest.mark.django_db
def test_task_that_kills_its_worker_each_time_is_given_up():
    refresh_card.enqueue(0)
    begun = timezone.now() - LEASE - timedelta(seconds=1)
    QueuedTask.objects.update(status=State.RUNNING, started_at=begun, worker_ids=["w"] * MOST_ATTEMPTS)
    QueuedTask.objects.requeue()
    assert states() == [State.FAILED]
