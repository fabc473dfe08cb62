import re

import pytest
from unit.api.application import serving

from store import Store


def test_the_docs_page_loads_nothing_from_elsewhere(store: Store) -> None:
    with serving(store) as client:
        page = client.get("/docs").text
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert len(loaded) >= 3
        assert all(address.startswith("/") for address in loaded)
        assert [client.get(address).status_code for address in loaded] == [200] * len(loaded)


@pytest.mark.parametrize("path", ["/docs/assets/../app.py", "/docs/assets/%2e%2e/__init__.py", "/docs/assets/none"])
def test_the_docs_files_are_the_only_files_served(store: Store, path: str) -> None:
    with serving(store) as client:
        assert client.get(path).status_code == 404
