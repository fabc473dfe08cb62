"""Who and what an article names: the entities stage and its recognizer port."""

from tasks.entities.recognizer import Recognizer, RecognizerUnavailable, Span, open_recognizer
from tasks.entities.stage import EntitiesStage

__all__ = ["EntitiesStage", "Recognizer", "RecognizerUnavailable", "Span", "open_recognizer"]
