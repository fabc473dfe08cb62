"""Running Celery: the app, its configuration, logging, signals, the keeper."""
