import pytest

from scripts import lighthouse


def report(performance, *audits):
    """A report as Lighthouse writes it, with these scores of audits that all belong to one category."""
    categories = {name: {"score": 1, "auditRefs": []} for name in lighthouse.CATEGORIES}
    refs = [{"id": f"audit-{number}", "weight": weight} for number, (weight, _) in enumerate(audits)]
    categories["performance"] = {"score": performance, "auditRefs": refs}
    found = {
        f"audit-{number}": {"title": f"Audit {number}", "score": score} for number, (_, score) in enumerate(audits)
    }
    return {"categories": categories, "audits": found, "environment": {"benchmarkIndex": 2000.4}}


def test_median_of_the_runs_counts():
    reports = [report(score) for score in (0.5, 1, 0.97)]
    assert lighthouse.medians(reports) == {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}


def test_category_without_a_score_counts_nothing():
    assert lighthouse.medians([report(None)])["performance"] == 0


def test_losses_are_the_audits_that_weigh_and_are_imperfect():
    assert lighthouse.losses(report(0.9, (10, 0.5), (10, 1), (0, 0), (10, None))) == {"Audit 0"}


@pytest.mark.parametrize(("score", "perfect"), [(1, True), (0.99, False)])
def test_table_says_what_was_lost(score, perfect, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(lighthouse, "report", lambda url, output: report(score, (10, score)))
    assert lighthouse.measure("http://127.0.0.1:1", 3, tmp_path) == perfect
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["page", *lighthouse.CATEGORIES, "machine"]
    assert lines[1].split() == ["front", "page", f"{100 * score:g}", "100", "100", "100", "2000"]
    assert ("    Audit 0" in lines) != perfect
