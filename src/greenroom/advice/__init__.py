"""A model's words about a session, on request or at its end: rewrites of answers, and the recap. Nothing here scores."""
