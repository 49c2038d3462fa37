"""`greenroom demo`: four scripted candidates in one interview, played through the real application."""
