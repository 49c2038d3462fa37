"""Adapters to engines outside the product; catalog.py alone names vendors."""
