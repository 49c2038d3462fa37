"""Interviews and their sessions: the plan, the pure conductor, the append-only session log."""
