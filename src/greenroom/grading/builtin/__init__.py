"""The built-in grader: no keys, no network, the same answer always gets the same grade."""

from greenroom.grading.builtin.grade import grade

__all__ = ["grade"]
