"""Dedupe: says of what an article is a copy, how, and how sure."""

from tasks.dedupe._fingerprint import Fingerprint, take
from tasks.dedupe.index import DuplicateIndex, MemoryIndex
from tasks.dedupe.stage import DedupeStage

__all__ = ["DedupeStage", "DuplicateIndex", "Fingerprint", "MemoryIndex", "take"]
