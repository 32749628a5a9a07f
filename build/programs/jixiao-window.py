"""The program `jixiao-window` of the bundle."""
import sys

from pyfuncs.helper.window.main import main

sys.exit(main())
