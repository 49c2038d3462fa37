"""What can go wrong around documents, in words for the person."""

from greenroom.kit.errors import Problem


class NotReadable(Problem):
    """The document was not read and nothing of it was kept; `reason` says why in one word."""

    status = 422
    slug = "document-not-readable"
    title = "This document could not be read"


class TooLargeDocument(Problem):
    status = 413
    slug = "document-too-large"
    title = "This document is too large"


class TooManyReadings(Problem):
    status = 429
    slug = "too-many-readings"
    title = "Several documents are being read"
