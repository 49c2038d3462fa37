"""Small tools without product words: database, events, jobs, ids, clock, errors, web."""
