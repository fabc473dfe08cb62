"""The archive in PostgreSQL: tables that people ask questions of. docs/consume.md describes them."""
