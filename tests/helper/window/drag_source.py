"""Lets files go over the largest window that takes them, as a file manager does: drag_source.py X Y URI…

The source's side of XDND, in X's own library; it needs no mouse. Ends when the window has taken them.
"""

from __future__ import annotations

import sys
from ctypes import CDLL, POINTER, Structure, Union, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

CLIENT_MESSAGE, SELECTION_REQUEST, SELECTION_NOTIFY = 33, 30, 31
ANY, REPLACE = 0, 0


class _Client(Structure):
    _fields_ = [("type", c_int), ("serial", c_ulong), ("sent", c_int), ("display", c_void_p), ("window", c_ulong),
                ("message", c_ulong), ("format", c_int), ("data", c_long * 5)]


class _Request(Structure):
    _fields_ = [("type", c_int), ("serial", c_ulong), ("sent", c_int), ("display", c_void_p), ("owner", c_ulong),
                ("requestor", c_ulong), ("selection", c_ulong), ("target", c_ulong), ("property", c_ulong), ("time", c_ulong)]


class _Notify(Structure):
    _fields_ = [("type", c_int), ("serial", c_ulong), ("sent", c_int), ("display", c_void_p), ("requestor", c_ulong),
                ("selection", c_ulong), ("target", c_ulong), ("property", c_ulong), ("time", c_ulong)]


class _Event(Union):
    _fields_ = [("type", c_int), ("client", _Client), ("request", _Request), ("notify", _Notify), ("room", c_long * 24)]


class Source:
    def __init__(self, uris: list[str]) -> None:
        self.x = CDLL("libX11.so.6")
        self.x.XOpenDisplay.restype = c_void_p
        for name in ("XInternAtom", "XDefaultRootWindow", "XCreateSimpleWindow"):
            getattr(self.x, name).restype = c_ulong
        self.display = c_void_p(self.x.XOpenDisplay(None))
        self.data = "".join(f"{uri}\r\n" for uri in uris).encode()
        self.root = self.x.XDefaultRootWindow(self.display)
        self.window = self.x.XCreateSimpleWindow(self.display, c_ulong(self.root), 0, 0, 1, 1, 0, c_ulong(0), c_ulong(0))
        self.x.XSetSelectionOwner(self.display, c_ulong(self.atom("XdndSelection")), c_ulong(self.window), c_ulong(0))

    def atom(self, name: str) -> int:
        return self.x.XInternAtom(self.display, c_char_p(name.encode()), 0)

    def target(self) -> int:
        """The largest window that says it takes drops."""
        return max((one for one in self._below(self.root) if self._aware(one)), key=self._area)

    def let_go(self, target: int, left: int, top: int) -> None:
        kind = self.atom("text/uri-list")
        self._say(target, "XdndEnter", 5 << 24, kind, 0, 0)
        self._say(target, "XdndPosition", 0, left << 16 | top, 0, self.atom("XdndActionCopy"))
        self._until(self.atom("XdndStatus"))
        self._say(target, "XdndDrop", 0, 0, 0, 0)
        self._until(self.atom("XdndFinished"))

    def _until(self, message: int) -> None:
        """Answer questions for the data until this is said."""
        event = _Event()
        while True:
            self.x.XNextEvent(self.display, byref(event))
            if event.type == SELECTION_REQUEST:
                self._answer(event.request)
            elif event.type == CLIENT_MESSAGE and event.client.message == message:
                return

    def _answer(self, asked: _Request) -> None:
        self.x.XChangeProperty(self.display, c_ulong(asked.requestor), c_ulong(asked.property), c_ulong(asked.target), 8, REPLACE,
                               c_char_p(self.data), len(self.data))
        self._send(asked.requestor, _Event(notify=_Notify(SELECTION_NOTIFY, 0, 1, self.display, asked.requestor, asked.selection,
                                                          asked.target, asked.property, asked.time)))

    def _say(self, target: int, message: str, *values: int) -> None:
        self._send(target, _Event(client=_Client(CLIENT_MESSAGE, 0, 1, self.display, target, self.atom(message), 32,
                                                 (c_long * 5)(self.window, *values))))

    def _send(self, window: int, event: _Event) -> None:
        self.x.XSendEvent(self.display, c_ulong(window), 0, c_long(0), byref(event))
        self.x.XFlush(self.display)

    def _below(self, window: int) -> list[int]:
        root, parent, children, count = c_ulong(), c_ulong(), POINTER(c_ulong)(), c_uint()
        self.x.XQueryTree(self.display, c_ulong(window), byref(root), byref(parent), byref(children), byref(count))
        found = [children[number] for number in range(count.value)]
        return [*found, *(below for one in found for below in self._below(one))]

    def _aware(self, window: int) -> bool:
        count, names = c_int(), POINTER(c_ulong)()
        self.x.XListProperties.restype = POINTER(c_ulong)
        names = self.x.XListProperties(self.display, c_ulong(window), byref(count))
        return self.atom("XdndAware") in [names[number] for number in range(count.value)]

    def _area(self, window: int) -> int:
        sizes = [c_int(), c_int(), c_uint(), c_uint(), c_uint(), c_uint()]
        self.x.XGetGeometry(self.display, c_ulong(window), byref(c_ulong()), *map(byref, sizes))
        return sizes[2].value * sizes[3].value


if __name__ == "__main__":
    source = Source(sys.argv[3:])
    source.let_go(source.target(), int(sys.argv[1]), int(sys.argv[2]))
