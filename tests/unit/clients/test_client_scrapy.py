"""The pipeline's settings; what it does in a crawl is in tests/integration/test_scrapy.py."""

import pytest
from dateline_client import Options
from dateline_client.scrapy import DatelinePipeline, options_of
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler


def test_without_settings_the_options_are_the_clients() -> None:
    assert options_of({}.get) == Options()


def test_every_option_is_a_setting_also_as_a_string() -> None:
    given = {
        "DATELINE_LANE": "live",
        "DATELINE_FORMAT": "news-please",
        "DATELINE_BATCH_ITEMS": "20",
        "DATELINE_BATCH_SECONDS": "0.5",
        "DATELINE_COMPRESS": "False",
        "DATELINE_PATIENCE": 60,
    }
    found = options_of(given.get)
    assert found == Options(
        lane="live", format="news-please", batch_items=20, batch_seconds=0.5, compress=False, patience=60.0
    )
    assert isinstance(found.patience, float)


def test_without_an_address_the_pipeline_is_not_configured() -> None:
    with pytest.raises(NotConfigured, match="DATELINE_URL"):
        DatelinePipeline.from_crawler(get_crawler())
