"""Earlier answers, kept searchable for those who want that: by words, and by meaning where embeddings are installed."""
