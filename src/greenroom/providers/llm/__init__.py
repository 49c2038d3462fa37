"""Language models: one port, one thin file per vendor, a scripted model, and the wrapper that all calls go through."""
