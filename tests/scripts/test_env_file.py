import stat

import pytest

from scripts import env_file


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".env"


def test_missing_file_is_written_with_a_long_secret(path):
    assert env_file.ensure(path) is True
    key = path.read_text().split("SECRET_KEY=")[1].strip()
    assert len(key) >= 50
    assert key.replace("-", "").replace("_", "").isalnum()


def test_file_is_for_its_owner_only(path):
    env_file.ensure(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_existing_file_is_kept_as_it_is(path):
    path.write_text("SITE_URL=https://www.example.jp\n")
    path.chmod(0o640)
    assert env_file.ensure(path) is False
    assert path.read_text() == "SITE_URL=https://www.example.jp\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
