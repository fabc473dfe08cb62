"""Sinks: each follows the feed and keeps what it tells for good, in files or in PostgreSQL (docs/adr/0016)."""
