"""The worker's own side: a process that does what the window asks for, one task after another.

A process and no thread: heavy work does not make the window stutter, a file that breaks the program breaks only
this one, and it can be ended at once.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from queue import SimpleQueue

from pyfuncs import function_log
from pyfuncs.helper.pool import end_with_parent
from pyfuncs.helper.progress import heard
from pyfuncs.helper.window.messages import Answered, Ask, Cancel, Outcome, Progressed, Stopped


def serve(connection: Connection, environment: Mapping[str, str]) -> None:
    """Answer until the window closes the connection. `environment` is set before any rule set is looked for."""
    os.environ.update(environment)
    end_with_parent()
    function_log.start()
    asked: SimpleQueue[Ask | None] = SimpleQueue()
    worker = _Serving(connection)
    threading.Thread(target=worker.listen, args=(asked,), daemon=True).start()
    from pyfuncs.helper.window import tasks           # a second or two, while the user chooses files

    while True:
        try:
            ask = asked.get()
            if ask is None:
                return
            worker.answer(ask, tasks.done)
        except KeyboardInterrupt:                     # came when the task was just done
            continue
        except OSError:                               # nobody hears the answer any more
            return


class _Serving:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._current: int | None = None

    def listen(self, asked: SimpleQueue) -> None:
        """Hear calls, and hear that one is to be broken off while it is worked on."""
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                message = None
            if message is None:                       # the window is closed, or gone
                if self._current is not None:
                    self._interrupt()
                asked.put(None)
                return
            if not isinstance(message, Cancel):
                asked.put(message)
            elif message.number == self._current:
                self._interrupt()

    def answer(self, ask: Ask, done: Callable[..., Outcome]) -> None:
        """Do one task. Raises OSError when the window is gone."""
        def hear(doing: str, so_far: int, total: int, current: str) -> None:
            self._connection.send(Progressed(ask.number, doing, so_far, total, current))

        self._current = ask.number
        try:
            with heard(hear):
                outcome = done(ask.task, ask.arguments)
            self._current = None                      # an answer is not broken off half way
            self._connection.send(Answered(ask.number, outcome))
        except KeyboardInterrupt:
            self._connection.send(Stopped(ask.number))
        finally:
            self._current = None

    def _interrupt(self) -> None:
        """As Ctrl-C would: what is half written is taken away, what was read is kept."""
        if sys.platform == "win32":
            _thread.interrupt_main()                  # heard before the main thread's next step
        else:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)     # wakes it where it waits
