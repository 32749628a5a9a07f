"""The program `jixiao` of the bundle."""
import sys

from pyfuncs.helper.cli import main

sys.exit(main())
