from blog.operations.backups.retention import expired

DAYS = [f"2026{month:02}{day:02}T180000Z-x" for month in (1, 2, 3) for day in (1, 2, 27, 28)]


def test_newest_stay_and_the_last_of_each_month():
    kept = set(DAYS) - expired(DAYS, recent=2, months=3)
    assert kept == {f"{day}T180000Z-x" for day in ("20260327", "20260328", "20260228", "20260128")}


def test_newest_stays_whatever_the_numbers_are():
    assert set(DAYS) - expired(DAYS, recent=0, months=0) == {DAYS[-1]}


def test_nothing_goes_while_there_are_few():
    assert expired(DAYS, recent=12, months=0) == set()
