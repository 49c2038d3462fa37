"""Communication analysis of any transcript: who spoke how much, how questions were handled, what made it clear or not."""
