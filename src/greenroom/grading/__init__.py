"""Scores of answers, each with criteria, verbatim evidence, anchor, confidence and source."""
