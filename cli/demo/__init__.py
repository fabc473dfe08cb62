"""``dateline demo``: sample articles through the real thing, shown and checked."""

from cli.demo.run import run_demo

__all__ = ["run_demo"]
