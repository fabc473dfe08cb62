"""Guards: why an article, or its best candidate, did not count as a copy."""

from enum import StrEnum


class Guard(StrEnum):
    """The first three say why a body tells too little; the others in what the best candidate differs.

    The order is that of kept decisions: append only.
    """

    TOO_SHORT = "too_short"
    OFF_HEADLINE = "off_headline"
    BOILERPLATE = "boilerplate"
    TOO_FAR_APART = "too_far_apart"
    NAMES_DIFFER = "names_differ"
    NUMBERS_DIFFER = "numbers_differ"
    HEADLINES_DIFFER = "headlines_differ"
    TEXTS_DIFFER = "texts_differ"
