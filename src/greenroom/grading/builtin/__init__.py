"""The engine that needs no key: rules, cues and calibrated similarity."""
