"""The transports of the conductor; text first."""
