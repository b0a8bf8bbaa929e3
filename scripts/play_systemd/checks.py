"""What is asked of the machine once all of the document is typed. Functions return what they found, or raise Stuck."""

import contextlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.play_systemd.document import CERTIFICATES, HOST, PASSWORD, Stuck, section
from scripts.play_systemd.machine import Machine

UNITS = (
    "allforces.socket allforces.service allforces-worker.service allforces-backup.timer allforces-tidy.timer"
    " nginx.service postgresql.service"
)
GUARDS = {
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
}
ARTICLE = r'href="(/20\d\d/\d\d/\d\d/[^"]+)"'
CURL = f"curl --silent --show-error --max-time 60 --cacert {CERTIFICATES}/fullchain.pem --resolve {HOST}:443:127.0.0.1"
BACKUPS = "/var/backups/allforces"
PATIENCE = 60
ASKED = "/root/asked"


def all_of(machine: Machine) -> Iterator[str]:
    for check in (units, health, readers, settings, login, worker, one_shots, modes, shut_in, logs):
        yield f"{check.__name__}: {check(machine)}"


def after_release(machine: Machine) -> Iterator[str]:
    for check in (units, health, readers, worker, modes):
        yield f"{check.__name__}: {check(machine)}"


def manage(machine: Machine, command: str) -> str:
    """Runs a command of manage.py as the document says how."""
    [line] = [line for line in section("One machine without containers").lines if "manage.py createsuperuser" in line]
    return machine.run(line.replace("createsuperuser", command))


def expect(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise Stuck(f"{what}: {found}, and not {wanted}")


def units(machine: Machine) -> str:
    states = machine.run(f"systemctl is-active {UNITS}").split()
    machine.run("systemd-analyze verify --man=no /etc/systemd/system/allforces*")
    machine.run(f"systemctl is-enabled {UNITS}")
    waiting = machine.run("systemctl list-timers --no-pager 'allforces*'")
    expect(len(re.findall(r"^\w{3} 20\d\d-.*allforces-\w+\.timer", waiting, re.MULTILINE)), 2, "timers")
    return f"{len(states)} are active and enabled, 2 timers have a time"


def health(machine: Machine) -> str:
    said = machine.run("curl -sf http://127.0.0.1:8000/healthz; echo; curl -sf http://127.0.0.1:8000/readyz")
    return said.replace("\n", " ")


def _ask(machine: Machine, address: str, *options: str) -> tuple[int, list[tuple[str, str]], str]:
    """The status, the headers and the text of an address of the site, through nginx."""
    said = machine.run(f"{CURL} --include {' '.join(options)} 'https://{HOST}{address}'")
    head, _, text = said.replace("\r", "").partition("\n\n")
    status, *lines = head.splitlines()
    headers = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    return int(status.split()[1]), headers, text


def readers(machine: Machine) -> str:
    """The front page with its headers, held by nginx the second time, and what it leads to."""
    status, headers, text = _ask(machine, "/")
    expect(status, 200, "the front page")
    counted = Counter(name for name, _ in headers)
    expect({name for name in GUARDS if counted[name] == 1}, GUARDS, "headers that stand there once")
    held = {dict(_ask(machine, "/")[1])["x-proxy-cache"] for _ in range(3)}
    if not held & {"HIT", "STALE", "UPDATING", "REVALIDATED"}:
        raise Stuck(f"nginx holds no page: {held}")
    found = re.search(ARTICLE, text)
    if not found or "ALL FORCES &amp; $HOME; # 1" not in text:
        raise Stuck("the front page has no article, or not the name of the settings")
    style = re.search(r'href="(/static/[^"]+\.css)"', text)
    paths = [found[1], style[1] if style else "no style", "/feed.xml", "/search/", "/admin/login/"]
    for path in paths:
        expect(_ask(machine, path)[0], 200, path)
    expect(_ask(machine, "/no-such-page/")[0], 404, "what is not there")
    plain = machine.run(
        f"curl --silent --output /dev/null --write-out '%{{redirect_url}}' -H 'Host: {HOST}' http://127.0.0.1/"
    )
    expect(plain, f"https://{HOST}/", "port 80 leads to")
    return f"/, {', '.join(paths)} answer 200; / has {len(GUARDS)} headers that guard it"


def settings(machine: Machine) -> str:
    [command] = re.findall(r"`manage\.py (check --deploy[^`]*)`", section("Is it well?").text)
    return manage(machine, command).splitlines()[-1]


def _send(machine: Machine, path: str, *fields: str) -> str:
    """Sends the form of a page as a browser does. Returns where its answer leads."""
    text = _ask(machine, path, "--cookie-jar jar")[2]
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[0]
    form = [f"--data-urlencode {field}" for field in (*fields, f"csrfmiddlewaretoken={token}")]
    status, headers, _ = _ask(machine, path, "--cookie jar --cookie-jar jar", f"--referer https://{HOST}{path}", *form)
    expect(status, 302, f"the form of {path}")
    return dict(headers)["location"]


def login(machine: Machine) -> str:
    """The first editor comes in, and so as far as the second factor."""
    _send(machine, "/admin/login/", "username=editor", f"password={PASSWORD}")
    status, headers, _ = _ask(machine, "/admin/", "--cookie jar")
    location = dict(headers).get("location", "")
    if not location.startswith("/admin/second-factor/"):
        raise Stuck(f"the desk answers {status} and leads to {location}, not to the second factor")
    return f"the first editor is led to {location}"


def worker(machine: Machine) -> str:
    """A request leaves a task, and the worker does it: it looks for whoever forgot a password."""
    before = sum(_tasks(machine).values())
    _send(machine, "/admin/password-reset/", f"email=nobody@{HOST}")
    deadline = time.monotonic() + PATIENCE
    while True:
        tasks = _tasks(machine)
        if tasks.keys() == {"SUCCESSFUL"} and tasks["SUCCESSFUL"] > before:
            return f"{tasks['SUCCESSFUL']} tasks are done, none failed"
        if "FAILED" in tasks or time.monotonic() > deadline:
            raise Stuck(f"the tasks: {tasks}\n{machine.run('journalctl -u allforces-worker -n 20 --no-pager')}")
        time.sleep(2)


def _tasks(machine: Machine) -> dict[str, int]:
    """How many tasks there are in each state."""
    query = "SELECT status, count(*) FROM django_tasks_database_dbtaskresult GROUP BY 1"
    told = machine.run(f'cd /; sudo -u allforces psql -At -F= allforces -c "{query}"')
    return {state: int(number) for state, number in (line.split("=") for line in told.splitlines())}


def one_shots(machine: Machine) -> str:
    """Both timers' units, and the backup read through as the document says."""
    machine.run("systemctl start allforces-backup allforces-tidy")
    backups = [*machine.path(BACKUPS).glob("*.json")]
    if not backups:
        raise Stuck(f"no backup is in {BACKUPS}")
    said = manage(machine, f"restore {BACKUPS} --check")
    return f"tidy is done, and the backup: {said.splitlines()[-1]}"


def modes(machine: Machine) -> str:
    """nginx reads no secret and writes no file of the site."""
    for refused in (
        "cat /etc/allforces/env",
        f"ls {BACKUPS}",
        "touch /srv/allforces/data/static/x",
        "touch /srv/allforces/current/x",
    ):
        machine.run(f"sudo -u www-data {refused}", fails=True)
    machine.run("sudo -u www-data cat /srv/allforces/data/static/503.html")
    machine.run("sudo -u nobody ls /srv/allforces", fails=True)
    open_to_all = machine.run(f"find {BACKUPS} /etc/allforces/env -perm /077")
    expect(open_to_all, "", "what others may read")
    expect(machine.run("find /srv/allforces -perm /022 ! -type l | head -3"), "", "what others may write")
    number = machine.run("find /srv/allforces ! -type l | wc -l")
    return f"nginx's user reads neither settings nor backups, reads static files, writes none of {number} files"


def shut_in(machine: Machine) -> str:
    """The processes of the site write where their unit lets them, which is not their own code."""
    found = []
    for unit in ("allforces", "allforces-worker"):
        pid = machine.run(f"systemctl show --property MainPID --value {unit}")
        inside = f"nsenter --target {pid} --mount --setuid $(id -u allforces) --setgid $(id -g allforces)"
        for folder in ("/srv/allforces/current", "/srv/allforces/current/.venv", BACKUPS):
            machine.run(f"{inside} touch {folder}/x", fails=True)
        machine.run(f"{inside} sh -c 'touch /srv/allforces/data/x && rm /srv/allforces/data/x'")
        told = machine.run(f"grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/{pid}/status").split()
        expect(told, ["CapBnd:", "0000000000000000", "NoNewPrivs:", "1", "Seccomp:", "2"], f"rights of {unit}")
        exposure = machine.run(f"systemd-analyze security --no-pager {unit} | tail -1")
        found.append(re.findall(r"\d+\.\d", exposure)[0])
    return f"its code is read-only, no capability, a filter of calls; systemd-analyze security: {', '.join(found)}"


def logs(machine: Machine) -> str:
    """nginx writes on after its log was rotated; the journal has what the site says, as JSON."""
    machine.run("logrotate --force /etc/logrotate.d/nginx")
    _ask(machine, "/feed.xml")
    line = machine.run("tail -1 /var/log/nginx/access.log")
    expect(json.loads(line)["path"], "/feed.xml", "the last line of the log")
    return "nginx writes on after logrotate"


@dataclass
class Answers:
    """What was answered while something else went on."""

    counted: Counter[str]

    def told(self) -> str:
        if self.counted.keys() != {"200"}:
            raise Stuck(f"asked without end meanwhile, the site answered {dict(self.counted)}")
        return f"{self.counted['200']} of {self.counted['200']} requests meanwhile were answered"


@contextlib.contextmanager
def asking(machine: Machine) -> Iterator[Answers]:
    """Asks the site, past what nginx holds, again and again for as long as the block runs."""
    answers = Answers(Counter())
    once = f"{CURL} --output /dev/null --write-out '%{{http_code}}\\n' 'https://{HOST}/?not=kept'"
    machine.path("/root/ask.sh").write_text(f"while :; do {once} >> {ASKED}; sleep 0.1; done\n")
    machine.run("systemd-run --quiet --unit=asking sh /root/ask.sh")
    try:
        yield answers
    finally:
        machine.run("systemctl stop asking")
    answers.counted.update(machine.path(ASKED).read_text().split())
