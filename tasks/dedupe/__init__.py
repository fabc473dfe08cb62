"""Dedupe: says of what an article is a copy, how, and how sure."""

from tasks.dedupe._decide import decide, evidence_between
from tasks.dedupe._evidence import ASPECTS
from tasks.dedupe._fingerprint import Fingerprint, Information, Taken, take
from tasks.dedupe._record import Record, pack_record, unpack_record
from tasks.dedupe._verifier import Weights
from tasks.dedupe.index import DuplicateIndex, MemoryIndex
from tasks.dedupe.stage import DedupeStage

__all__ = [
    "ASPECTS",
    "DedupeStage",
    "DuplicateIndex",
    "Fingerprint",
    "Information",
    "MemoryIndex",
    "Record",
    "Taken",
    "Weights",
    "decide",
    "evidence_between",
    "pack_record",
    "take",
    "unpack_record",
]
