"""`python -m greenroom` is the `greenroom` command."""

from greenroom.cli import main

main()
