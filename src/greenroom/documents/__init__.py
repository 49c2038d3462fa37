"""Résumés, job targets and company profiles: documents in, facts with their source out."""
