"""The program `jixiao-server` of the bundle; as a worker of its own commands it serves nothing."""
import sys

if sys.argv[1:2] == ["--multiprocessing-fork"]:
    import multiprocessing

    multiprocessing.freeze_support()

from pyfuncs.server import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
