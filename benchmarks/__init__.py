"""What Dateline is measured with. Each module prints a table and writes a report; see ``make help``."""
