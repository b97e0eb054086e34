"""`python -P -m matdiff`; the installed command `matdiff` is the better way to start it.

Without -P Python looks for modules in the current folder first, see `matdiff.cli.guard`.
"""

from matdiff.cli import main

if __name__ == "__main__":
    main()
