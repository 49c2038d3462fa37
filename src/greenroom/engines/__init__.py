"""The engines of an installation: which model does what, keys kept sealed, every call booked with its cost."""
