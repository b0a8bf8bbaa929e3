"""nginx reads its files as they are shipped for each kind of machine, but for what the test's machine has not got."""

import re
import shutil
import subprocess

import pytest

from scripts import nginx
from scripts.debian import Unavailable
from scripts.postgres import free_port

LISTEN = re.compile(r"^listen (\S+:)?\d+", re.MULTILINE)


@pytest.mark.parametrize("folder", ["nginx", "compose"])
def test_nginx_takes_the_files_of_each_kind_of_machine(folder, tmp_path):
    try:
        program = nginx.find()
    except Unavailable as error:
        pytest.skip(str(error))
    conf = tmp_path / "allforces"
    shutil.copytree(nginx.DEPLOY / folder, conf)
    shutil.copy(nginx.DEPLOY / "nginx" / "headers.conf", conf)
    shutil.copy(nginx.DEPLOY / "nginx.conf", tmp_path)
    with nginx.front(8000) as front:  # for a certificate
        for file in conf.iterdir():
            text = file.read_text().replace("site:8000", "127.0.0.1:8000")
            text = re.sub(r"\S+/fullchain.pem", str(front.certificate), text)
            text = re.sub(r"\S+/privkey.pem", str(front.certificate.with_name("key.pem")), text)
            text = re.sub(r"(proxy_cache_path|access_log) \S+", rf"\1 {tmp_path}/of_\1", text)
            text = LISTEN.sub(lambda found: f"listen {found[1] or ''}{free_port()}", text)
            file.write_text(text)
        options = f"pid {tmp_path}/pid;"
        command = [program, "-t", "-q", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "errors", "-g", options]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
