"""One report object, folded from turns and scores, rendered as page, JSON and file."""
