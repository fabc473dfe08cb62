import json
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import audit_locks


def archive(folder: Path, *documents: dict[str, object]) -> Path:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for number, document in enumerate(documents):
            opened.writestr(f"GHSA-{number}.json", json.dumps(document))
    return path


def advisory(name: str, versions: list[str], **fields: object) -> dict[str, object]:
    ranges = [{"events": [{"introduced": "0"}, {"fixed": "9.9"}]}]
    return {
        "id": "GHSA-1",
        "affected": [{"package": {"name": name, "ecosystem": "PyPI"}, "versions": versions, "ranges": ranges}],
        "modified": "2026-01-02T03:04:05Z",
        **fields,
    }


def test_every_line_of_the_locks_is_read() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert len(audit_locks.pins(text)) == sum(1 for line in text.splitlines() if "==" in line)
    assert "celery" in audit_locks.pins(text)


def test_a_locked_version_that_an_advisory_names_is_found() -> None:
    found = list(audit_locks.advisories([advisory("Some_Thing", ["1.0", "1.1"])], {"some-thing": "1.1"}))
    assert found == [("some-thing", "1.1", "GHSA-1", "9.9")]


@pytest.mark.parametrize(
    "document",
    [advisory("some-thing", ["1.0"]), advisory("other", ["1.1"]), advisory("some-thing", ["1.1"], withdrawn="2026")],
    ids=["other version", "other package", "withdrawn"],
)
def test_what_does_not_concern_us_is_not(document: dict[str, object]) -> None:
    assert not list(audit_locks.advisories([document], {"some-thing": "1.1"}))


def test_a_finding_fails_the_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    version = audit_locks.pins((ROOT / "requirements.lock").read_text("utf-8"))["celery"]
    assert audit_locks.main([str(archive(tmp_path, advisory("celery", [version])))]) == 1
    assert f"celery {version}: GHSA-1, fixed in 9.9" in capsys.readouterr().out
    assert audit_locks.main([str(archive(tmp_path, advisory("other", ["1"])))]) == 0
    assert "(1 advisories up to 2026-01-02)" in capsys.readouterr().out
    assert audit_locks.main([]) == 2


def test_a_file_that_tells_nothing_of_our_packages_is_no_clean_bill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    foreign = {"id": "GHSA-2", "affected": [{"package": {"name": "celery", "ecosystem": "npm"}, "versions": []}]}
    for documents in ([], [foreign]):
        assert audit_locks.main([str(archive(tmp_path, *documents))]) == 2
        assert "is it PyPI/all.zip?" in capsys.readouterr().err
