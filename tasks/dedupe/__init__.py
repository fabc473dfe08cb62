"""Dedupe: says of what an article is a copy, how, and how sure."""

from tasks.dedupe._decide import decide, evidence_between
from tasks.dedupe._evidence import ASPECTS
from tasks.dedupe._fingerprint import Fingerprint, Information, Taken, take
from tasks.dedupe._profile import Counts, Profile
from tasks.dedupe._record import Record, pack_record, unpack_record
from tasks.dedupe._stories import Told, apart_of, assign, told
from tasks.dedupe._story_evidence import EVIDENCE as STORY_EVIDENCE
from tasks.dedupe._story_evidence import OPEN as STORY_OPEN
from tasks.dedupe._story_evidence import UNDATED_EVIDENCE as UNDATED_STORY_EVIDENCE
from tasks.dedupe._story_evidence import StoryWeights, Weighing, side_in, story_evidence
from tasks.dedupe._trees import Node, Trees, planted
from tasks.dedupe._verifier import Weights, confidence, judge
from tasks.dedupe.index import DuplicateIndex, MemoryIndex, MemoryStories
from tasks.dedupe.stage import DedupeStage

__all__ = [
    "ASPECTS",
    "STORY_EVIDENCE",
    "STORY_OPEN",
    "UNDATED_STORY_EVIDENCE",
    "Counts",
    "DedupeStage",
    "DuplicateIndex",
    "Fingerprint",
    "Information",
    "MemoryIndex",
    "MemoryStories",
    "Node",
    "Profile",
    "Record",
    "StoryWeights",
    "Taken",
    "Told",
    "Trees",
    "Weighing",
    "Weights",
    "apart_of",
    "assign",
    "confidence",
    "decide",
    "evidence_between",
    "judge",
    "pack_record",
    "planted",
    "side_in",
    "story_evidence",
    "take",
    "told",
    "unpack_record",
]
