"""Metrics: described in one place, kept by the process that lives longest, read by Prometheus."""

from workers.metrics.description import METRICS, Kind, Metric, Origin
from workers.metrics.instruments import CONTENT_TYPE, Families, Instruments
from workers.metrics.server import MetricsServer, serve

__all__ = ["CONTENT_TYPE", "METRICS", "Families", "Instruments", "Kind", "Metric", "MetricsServer", "Origin", "serve"]
