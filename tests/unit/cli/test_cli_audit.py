import json
import os

import pytest
from operators import Printed, operating

from cli import audit, keys
from cli.errors import Trouble
from store import Store


def test_the_audit_log_is_shown_for_people_and_programs(store: Store, printed: Printed) -> None:
    keys.create("night shift", ["operate"], as_json=True, store=store)
    printed()
    audit.show(10, as_json=False, client=operating(store))
    assert "keys create" in printed()
    audit.show(10, as_json=True, client=operating(store))
    newest, *_, oldest = json.loads(printed())
    assert (newest["action"], newest["key_name"]) == ("GET /v1/operate/audit", "operator")
    assert (oldest["action"], oldest["subject"], oldest["outcome"]) == ("keys create", "night shift", "done")


def test_the_address_of_a_call_is_shown_whole(store: Store, printed: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    store.audit.begin(audit.person(), "POST /v1/operate/webhooks/0123456789abcdef:rotate", "")
    audit.show(10, as_json=False, client=operating(store))
    told = printed()
    assert "…" not in told
    assert "rotate" in "".join(told.split())


def test_a_command_that_fails_is_told_as_failed(store: Store) -> None:
    with pytest.raises(Trouble):
        keys.revoke("none", as_json=False, store=store)
    assert store.audit.newest()[0].outcome == "failed"


def test_somebody_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", nameless)
    assert audit.person().key_name.startswith(f"{os.getuid()}@")
