"""Which backups may go."""

from collections.abc import Iterable


def expired(names: Iterable[str], *, recent: int, months: int) -> set[str]:
    """Returns all but the newest `recent` backups, and the newest of each of the last `months` months that have one.

    The newest backup stays, whatever the numbers are. A name begins with its time in UTC.
    """
    ordered = sorted(names)
    newest_of_month = {name[:6]: name for name in ordered}
    kept = {*ordered[-max(recent, 1) :], *sorted(newest_of_month.values(), reverse=True)[:months]}
    return set(ordered) - kept
