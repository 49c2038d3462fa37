"""Taking everything of a person out as one file, putting it back, and erasing it."""
