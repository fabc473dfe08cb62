"""``python -m crawler SITE API [NAME=VALUE …]``: a real crawl of a site into a real API; prints its statistics."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import scrapy
from scrapy.crawler import CrawlerProcess


@dataclass
class Story:
    url: str
    title: str
    text: str


class Item(scrapy.Item):  # type: ignore[misc]
    url = scrapy.Field()
    title = scrapy.Field()
    text = scrapy.Field()
    depth = scrapy.Field()


class Site(scrapy.Spider):  # type: ignore[misc]
    """Follows every link of the first page, and makes items of three types."""

    name = "site"
    custom_settings: ClassVar = {"ITEM_PIPELINES": {"dateline_client.scrapy.DatelinePipeline": 800}}

    def parse(self, response: Any) -> Iterator[Any]:
        yield from response.follow_all(css="a", callback=self.parse_story)

    def parse_story(self, response: Any) -> Iterator[Any]:
        found = {
            "url": response.url,
            "title": response.css("h1::text").get(),
            "text": "\n\n".join(response.css("p::text").getall()),
        }
        kind = len(response.url) + int(response.url.rpartition("/")[2])
        yield (Item(depth=1, **found), Story(**found), found)[kind % 3]


def main() -> None:
    site, api, *given = sys.argv[1:]
    settings = {
        "DATELINE_URL": api,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        **dict(setting.split("=", 1) for setting in given),
    }
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Site)
    process.crawl(crawler, start_urls=[site])
    process.start()
    sys.stdout.write(json.dumps(crawler.stats.get_stats(), default=str) + "\n")


if __name__ == "__main__":
    main()
