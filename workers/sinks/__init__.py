"""Sinks: each follows the feed and archives all results, in files or in PostgreSQL (docs/adr/0016)."""
