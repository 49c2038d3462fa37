"""Sentence embeddings: how near two texts are in meaning."""
