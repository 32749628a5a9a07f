"""The window's side of its worker: asked without waiting, heard when there is time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from typing import Any

from pyfuncs.helper.window.messages import Ask, Cancel, Died, Message
from pyfuncs.helper.window.serving import serve

GRACE = 5                                             # seconds that a task may take to stop before it is ended


class Worker:
    """One process. Nothing here waits for it, but for its end by force."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(environment or {})
        self._number = 0
        self._start()

    def _start(self) -> None:
        # Spawned, not forked: a copy of this process would share its connection to the screen.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._environment))
        self._process.start()
        theirs.close()

    def ask(self, task: str, *arguments: Any) -> int:
        """Have a task done, by a new process where the old one has died; the number that its answers bear."""
        if not self.alive:
            self._start()
        self._number += 1
        self._send(Ask(self._number, task, arguments))
        return self._number

    def cancel(self) -> None:
        """Break off what was asked last; `restart` ends what does not."""
        self._send(Cancel(self._number))

    def heard(self) -> Iterator[Message]:
        """What it said since; last of all, again and again, that it has died."""
        alive = self.alive                            # asked first: what it said before it died is heard
        try:
            while self._connection.poll():
                yield self._connection.recv()
        except (EOFError, OSError):
            alive = False
        if not alive:
            yield Died()

    def restart(self, environment: Mapping[str, str] | None = None) -> None:
        """End it at once, whatever it does, and start a new one, with other settings if they are given."""
        self.end()
        self._environment = dict(self._environment if environment is None else environment)
        self._start()

    def leave(self) -> None:
        """Ask it to break off what it does, and to end."""
        self._send(None)

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    @property
    def process(self) -> int:
        """Its number in the system."""
        return self._process.pid

    def end(self) -> None:
        """By force."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _send(self, message: Ask | Cancel | None) -> None:
        try:
            self._connection.send(message)
        except OSError:
            pass                                      # it has died, which is heard
