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


@pytest.mark.parametrize("failures", [1, 2])
def test_page_whose_trace_was_lost_is_loaded_once_more(monkeypatch, tmp_path, failures):
    loads = []

    def load(url, output):
        loads.append(url)
        if len(loads) <= failures:
            raise lighthouse.LighthouseFailed("NO_NAVSTART")
        return report(1)

    monkeypatch.setattr(lighthouse, "load", load)
    if failures == 1:
        assert lighthouse.report("/", tmp_path) == report(1)
    else:
        with pytest.raises(lighthouse.LighthouseFailed):
            lighthouse.report("/", tmp_path)
    assert len(loads) == 2
