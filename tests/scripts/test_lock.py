import pytest

from scripts import lock


@pytest.fixture
def project(tmp_path):
    """A project whose locks were just compiled."""
    (tmp_path / "requirements.in").write_text("django~=5.2.0  # the framework\n")
    (tmp_path / "requirements-s3.in").write_text("-r requirements.in\ndjango-storages[s3]\n")
    (tmp_path / "requirements-dev.in").write_text("-r requirements-s3.in\npytest\n")
    for name in lock.LOCKS:
        (tmp_path / name).write_text(lock.header(tmp_path, name) + "django==5.2.19\n")
    return tmp_path


def test_project_as_committed_is_up_to_date():
    assert lock.stale(lock.ROOT) == []


def test_another_requirement_makes_all_locks_stale(project):
    (project / "requirements.in").write_text("django~=5.2.0\ntqdm\n")
    assert lock.stale(project) == [*lock.LOCKS]


@pytest.mark.parametrize("name", lock.LOCKS)
def test_lock_names_no_machine_and_pins_every_package_by_hash(name):
    text = (lock.ROOT / name).read_text()
    for trace in ("://", "--index-url", "--extra-index-url", "--find-links", "file:", " @ "):
        assert trace not in text
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith(("#", " "))]
    assert pins
    assert all(line.endswith("\\") for line in pins)
