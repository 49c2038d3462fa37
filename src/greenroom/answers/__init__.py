"""What one answer shows, observed without I/O: language, validity, evidence spans, key-point cues.

The conductor and the grader share it.
"""
