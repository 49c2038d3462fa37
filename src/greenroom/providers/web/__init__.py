"""The web, where an installation allows it: searches, and pages fetched without reaching into the own network."""
