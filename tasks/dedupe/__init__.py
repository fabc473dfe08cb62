"""Dedupe: says of what an article is a copy, how, and how sure."""

from tasks.dedupe._decide import decide, evidence_between
from tasks.dedupe._evidence import ASPECTS
from tasks.dedupe._fingerprint import Fingerprint, Information, Taken, take
from tasks.dedupe._profile import Profile, unpack_profile
from tasks.dedupe._record import Record, pack_record, unpack_record
from tasks.dedupe._stories import Told, assign, told
from tasks.dedupe._story_evidence import EVIDENCE as STORY_EVIDENCE
from tasks.dedupe._story_evidence import Rarity, StoryWeights, story_evidence
from tasks.dedupe._verifier import Weights
from tasks.dedupe.index import DuplicateIndex, MemoryIndex, MemoryStories
from tasks.dedupe.stage import DedupeStage

__all__ = [
    "ASPECTS",
    "STORY_EVIDENCE",
    "DedupeStage",
    "DuplicateIndex",
    "Fingerprint",
    "Information",
    "MemoryIndex",
    "MemoryStories",
    "Profile",
    "Rarity",
    "Record",
    "StoryWeights",
    "Taken",
    "Told",
    "Weights",
    "assign",
    "decide",
    "evidence_between",
    "pack_record",
    "story_evidence",
    "take",
    "told",
    "unpack_profile",
    "unpack_record",
]
