import os

import pytest

from scripts import nginx
from scripts.debian import Unavailable


def test_who_may_not_install_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(nginx, "MODULES", ("no-such-module.conf",))
    with pytest.raises(Unavailable, match="sudo apt install nginx libnginx-mod-http-cache-purge"):
        nginx.ensure()


def test_mistake_in_the_configuration_is_shown(monkeypatch, tmp_path):
    try:
        nginx.find()
    except Unavailable as error:
        pytest.skip(str(error))
    (tmp_path / "nginx").mkdir()
    (tmp_path / "nginx" / "headers.conf").touch()
    (tmp_path / "nginx.conf").write_text("no_such_directive;")
    monkeypatch.setattr(nginx, "DEPLOY", tmp_path)
    with pytest.raises(Unavailable, match="no_such_directive"), nginx.front(8000):
        pass
