"""Run the command line as `python -m c360`."""

from c360.cli import main

main()
