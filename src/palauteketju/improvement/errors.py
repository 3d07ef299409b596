"""What improvement refuses; the views say each in the reader's words."""


class NothingToRestOn(Exception):
    """The unit has no released figure of that period and subject: a measure could only rest on single answers."""


class NotYours(Exception):
    """The person may not do this in this unit."""


class OwnMeasure(Exception):
    """Whoever recorded a measure cannot also approve it."""


class AlreadyDecided(Exception):
    """A colleague was faster: the measure is no longer in the state the decision was made for."""


class AlreadyReviewed(Exception):
    """The unit has noted that week as gone through; the first note stands."""


class WeekAhead(Exception):
    """A week that has not begun cannot have been gone through."""
