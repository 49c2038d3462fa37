"""Greenroom: mock interviews that listen, follow up and show their evidence."""

__version__ = "0.1.0"
