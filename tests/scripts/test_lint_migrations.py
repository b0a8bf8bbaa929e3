"""A migration that locks a table, or takes away what the version before still uses, does not pass."""

import importlib
import sys
import textwrap

import pytest
from django.conf import settings
from django.test import override_settings

from scripts.lint_migrations import has_faults

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

FIRST = """
    from django.db import migrations, models
    class Migration(migrations.Migration):
        initial = True
        fields = [("id", models.AutoField(primary_key=True)), ("name", models.TextField())]
        operations = [migrations.CreateModel("Thing", fields)]
"""
SECOND = """
    from django.contrib.postgres.operations import AddIndexConcurrently
    from django.db import migrations, models
    class Migration(migrations.Migration):
        dependencies = [("linted", "0001_first")]
        atomic = {atomic}
        operations = [{operation}]
"""
NAMED = 'models.Index(fields=["name"], name="thing_name")'


@pytest.fixture
def lint(tmp_path, monkeypatch):
    """Lints an app whose second migration has this operation."""

    def run(operation: str, *, atomic: bool = True) -> bool:
        folder = tmp_path / "linted" / "migrations"
        folder.mkdir(parents=True)
        for package in (folder.parent, folder):
            (package / "__init__.py").touch()
        (folder / "0001_first.py").write_text(textwrap.dedent(FIRST))
        (folder / "0002_second.py").write_text(textwrap.dedent(SECOND.format(operation=operation, atomic=atomic)))
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()
        with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, "linted"]):
            return has_faults("linted", after="0001_first")

    yield run
    for name in [name for name in sys.modules if name.split(".")[0] == "linted"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "operation",
    [
        f'migrations.AddIndex("thing", {NAMED})',
        'migrations.AddField("thing", "size", models.IntegerField(default=0))',
        'migrations.RemoveField("thing", "name")',
        'migrations.AlterField("thing", "name", models.IntegerField())',
        'migrations.DeleteModel("Thing")',
    ],
)
def test_migration_that_the_running_site_would_feel_is_refused(lint, capsys, operation):
    assert lint(operation)
    assert "1 not safe" in capsys.readouterr().out


def test_column_that_the_version_before_would_leave_empty_is_seen_beside_a_new_table(lint, capsys):
    table = (
        'migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True)), ("a", models.TextField())])'
    )
    assert lint(f'migrations.AddField("thing", "size", models.IntegerField(default=0)), {table}')
    assert "0002_second, thing.size: the version before cannot add a row" in capsys.readouterr().out


def test_column_with_a_default_of_the_database_passes(lint):
    assert not lint('migrations.AddField("thing", "size", models.IntegerField(db_default=0))')


@pytest.mark.django_db(transaction=True)
def test_index_that_is_made_beside_the_running_site_passes(lint):
    assert not lint(f'AddIndexConcurrently("thing", {NAMED})', atomic=False)


def test_migrations_of_the_site_pass():
    assert not has_faults()
