"""Lets ``python -m cli`` stand for ``dateline``."""

from cli.main import run

if __name__ == "__main__":
    run()
