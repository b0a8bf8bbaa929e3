from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

LATE = timedelta(minutes=1)  # a worker looks once a second
LEASE = timedelta(minutes=10)  # longer than any task takes
MOST_ATTEMPTS = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)

# A task without a name here is shown by its path.
NAMES = {
    "blog.admin.account.forms.mail_reset": "パスワードを決め直す案内を送る",
    "blog.admin.account.invitations.mail_invitation": "招待を送る",
    "blog.editing.announcing.announce_post": "予約した記事の公開を外部に知らせる",
    "blog.editing.announcing.ping_hub": "フィードの更新をハブに知らせる",
    "blog.delivery.purging.purge_from": "取り下げた記事をプロキシから消す",
    "blog.editing.mail.send": "メールを送る",
    "blog.editing.pictures.finish_replacement": "差し替えた画像を行き渡らせる",
    "blog.editing.rerendering.render_uses": "画像を使うページを作り直す",
    "blog.pictures.cards.refresh_card": "共有カードを描く",
    "blog.pictures.renditions.render_image": "小さい画像を作る",
    "blog.pictures.stored_files.remove_files": "画像のファイルを消す",
    "blog.search.related.relate": "関連記事を探す",
    "blog.search.related.relate_offering": "PR記事に代わる関連記事を探す",
}


def pause_after(attempts: int) -> timedelta:
    """How long a task waits after so many attempts: 10 s, 30 s, 90 s and so on, an hour at most."""
    return min(FIRST_PAUSE * int(3 ** (attempts - 1)), LONGEST_PAUSE)


class QueuedTaskQuerySet(DBTaskResultQuerySet):
    def late(self, by: timedelta = LATE) -> DBTaskResultQuerySet:
        """Tasks that should have begun more than `by` ago, so that no worker seems to run."""
        now = timezone.now()
        just_due = Q(run_after__range=(now - by, now))
        return self.ready().filter(enqueued_at__lt=now - by).exclude(just_due)

    def waiting(self) -> tuple[int, datetime | None]:
        """How many tasks are ready to begin, and since when the oldest of them is; None without any."""
        unpaused = Q(started_at=None)
        told = self.ready().aggregate(
            number=Count("pk"), new=Min("enqueued_at", filter=unpaused), again=Min("run_after", filter=~unpaused)
        )
        return told["number"], min(filter(None, (told["new"], told["again"])), default=None)

    def requeue(self) -> None:
        """Puts failed tasks back into the queue, after a pause, and tasks whose worker died.

        A killed worker leaves its task marked as running; only after LEASE does that prove anything. After
        MOST_ATTEMPTS a task stays failed.
        """
        now = timezone.now()
        lost = Q(status=TaskResultStatus.RUNNING, started_at__lt=now - LEASE)
        for task in self.filter(lost | Q(status=TaskResultStatus.FAILED)).only("status", "started_at", "worker_ids"):
            unchanged = self.filter(pk=task.pk, status=task.status, started_at=task.started_at)
            attempts, is_lost = len(task.worker_ids), task.status == TaskResultStatus.RUNNING
            if attempts < MOST_ATTEMPTS:
                due = now if is_lost else now + pause_after(attempts)
                unchanged.update(status=TaskResultStatus.READY, run_after=due)
            elif is_lost:
                unchanged.update(status=TaskResultStatus.FAILED)

    def retry_now(self) -> int:
        """Puts failed and paused tasks back into the queue, to be begun at once. Returns their number."""
        now = timezone.now()
        stopped = Q(status=TaskResultStatus.FAILED) | Q(status=TaskResultStatus.READY, started_at__isnull=False)
        return self.filter(stopped).update(status=TaskResultStatus.READY, run_after=now, worker_ids=[])


class QueuedTask(DBTaskResult[Any, Any]):
    """What a save leaves to be done after it: the card, the mail, the purge. A row of django-tasks, under our name.

    A task is a function with `@task`. Its `enqueue()` inside a transaction adds the row with that transaction, so the
    work is kept exactly if the save is. It may run twice (its worker died after the work), and must bear it.
    """

    objects = QueuedTaskQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = "あとの作業"
        verbose_name_plural = "あとの作業"

    def __str__(self) -> str:
        return NAMES.get(self.task_path, self.task_path)

    @property
    def attempts(self) -> int:
        """How often a worker has begun it."""
        return len(self.worker_ids)
