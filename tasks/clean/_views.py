"""The passages of a text as rules look at them: which of them are paragraphs, and where each one stands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from tasks.clean._passages import Passage

_ENDS_SENTENCE = re.compile(r"[.!?…。！？।॥؟۔][\"'”’»)\]」』]*$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_USUAL_WORD = 7
"""Characters, the blank included: only lines with fewer blanks are looked through, since most lines are English."""
_UNSPACED_IN_A_WORD = 2
"""Of Chinese and Japanese, which are written without blanks. Their words have two characters on average."""
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNPARTED_IN_A_WORD = 5
"""Of Thai, Lao, Burmese and Khmer, which have blanks between phrases only."""
_BULLET = re.compile(r"[•·▪●■◦‣*–—-] ?(?=\S)|\d{1,2}[.)] ")
_PROSE_WORDS = 25
"""A line this long is a paragraph; tuned on lines_news (development): 99 % of longer lines there are no list items."""
_SENTENCE_WORDS = 12
_STORY_PROSE = 4


class Where(Enum):
    """Where in the text a rule may act."""

    ANYWHERE = "anywhere"
    EDGES = "up to the first or from the last paragraph on"
    HEAD = "before the first paragraph"
    TAIL = "after the last paragraph"


def is_item(text: str) -> bool:
    """Whether it begins with a bullet or a number."""
    return bool(_BULLET.match(text))


def count_words(text: str) -> int:
    """How many words a line has, about: its blanks tell, and characters where there are none.

    >>> count_words("Three short words"), count_words("大阪市、町工場に")
    (3, 4)
    """
    words = text.count(" ") + 1
    if len(text) <= _USUAL_WORD * words or text.isascii():
        return words
    unspaced = len(_UNSPACED.findall(text)) // _UNSPACED_IN_A_WORD
    return words + unspaced + len(_UNPARTED.findall(text)) // _UNPARTED_IN_A_WORD


def is_prose(text: str) -> bool:
    """Whether it reads like a paragraph: long, or a whole sentence of some length."""
    words = count_words(text)
    if words >= _PROSE_WORDS:
        return True
    return words >= _SENTENCE_WORDS and bool(_ENDS_SENTENCE.search(text)) and not is_item(text)


@dataclass(frozen=True, slots=True)
class View:
    """The passages that are left, their texts in lower case, and where paragraphs begin and end among them."""

    passages: Sequence[Passage]
    folded: Sequence[str]
    prose: Sequence[int]
    first_prose: int
    last_prose: int
    suspects: Sequence[int]
    """The passages that some rule for single lines may take, wherever they stand."""

    @classmethod
    def of(cls, passages: Sequence[Passage], is_suspect: Callable[[str], bool] = bool) -> "View":
        """Look at the passages."""
        prose = [index for index, passage in enumerate(passages) if is_prose(passage.text)]
        folded = [passage.text.lower() for passage in passages]
        first, last = (prose[0], prose[-1]) if prose else (len(passages), -1)
        suspects = [index for index, passage in enumerate(passages) if is_suspect(passage.text)]
        return cls(passages, folded, prose, first, last, suspects)

    def allows(self, where: Where, index: int) -> bool:
        """Whether the passage stands where the rule may act. Without any paragraph every place is both edges."""
        match where:
            case Where.ANYWHERE:
                return True
            case Where.HEAD:
                return index < self.first_prose
            case Where.TAIL:
                return index > self.last_prose
            case Where.EDGES:
                return index < self.first_prose or index > self.last_prose or self._is_outermost(index)

    def _is_outermost(self, index: int) -> bool:
        """Whether it is the first or last paragraph of a story: a plea is a sentence itself, and no bar to its rule."""
        return len(self.prose) >= _STORY_PROSE and index in (self.first_prose, self.last_prose)
