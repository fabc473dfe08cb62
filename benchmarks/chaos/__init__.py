"""Breaking things on purpose: the same faults for Dateline and for plain Celery chains, and what each loses."""
