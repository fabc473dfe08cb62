"""The root of Dateline's exceptions, and the three that tell a caller what to do."""


class DatelineError(Exception):
    """Anything that Dateline raises on purpose. The message is one sentence, safe to log, with one next step."""


class RetryLater(DatelineError):
    """A passing fault: the same work may succeed later."""


class Quarantine(DatelineError):
    """This article cannot be processed, however often it is tried; an operator has to look at it."""


class Unavailable(DatelineError):
    """A part that the work needs is missing here: a model, a data file, an extra."""
