"""What Excel and the add-in's loader do, for the tests under Wine: raw COM, so that the type of each value shows.

Runs in Python for Windows, with its standard library alone. A value in JSON: a number, text, true or null
(blank); {"error": -2146826246}; {"rows": [[...]]} for a range; {"missing": true} for an argument left out.
"""
from __future__ import annotations

import ctypes
import os
import time
import uuid
from ctypes import (POINTER, WINFUNCTYPE, byref, c_double, c_int32, c_long, c_short, c_uint, c_ushort, c_void_p,
                    c_wchar_p)
from pathlib import Path

VT_EMPTY, VT_I4, VT_R8, VT_BSTR, VT_DISPATCH, VT_ERROR, VT_BOOL, VT_VARIANT = 0, 3, 5, 8, 9, 10, 11, 12
VT_ARRAY, VT_BYREF = 0x2000, 0x4000
METHOD_OR_GET = 3                                     # how VBA calls an object it knows nothing of
CHINA = 0x804
MISSING = -2147352572
SYNCHRONIZE, TERMINATE = 0x100000, 1

ole32, oleaut32, kernel32 = ctypes.oledll.ole32, ctypes.windll.oleaut32, ctypes.windll.kernel32
ole32.CoInitializeEx(None, 2)
oleaut32.SysAllocStringLen.argtypes, oleaut32.SysAllocStringLen.restype = [c_wchar_p, c_uint], c_void_p
oleaut32.SafeArrayCreate.restype = c_void_p


class Data(ctypes.Union):
    _fields_ = [("number", c_double), ("integer", c_int32), ("boolean", c_short), ("pointer", c_void_p),
                ("room", c_void_p * 2)]


class Variant(ctypes.Structure):
    _fields_ = [("vt", c_ushort), ("reserved", c_ushort * 3), ("data", Data)]


class Bound(ctypes.Structure):
    _fields_ = [("count", c_uint), ("lowest", c_long)]


class Arguments(ctypes.Structure):
    _fields_ = [("values", POINTER(Variant)), ("named", c_void_p), ("count", c_uint), ("named_count", c_uint)]


class Exception_(ctypes.Structure):
    _fields_ = [("code", c_ushort), ("reserved", c_ushort), ("source", c_void_p), ("text", c_void_p),
                ("file", c_void_p), ("context", c_uint), ("more", c_void_p), ("deferred", c_void_p),
                ("scode", c_long)]


def bstr(text):
    return oleaut32.SysAllocStringLen(text, len(text.encode("utf-16-le")) // 2)


def array(shape, cells):
    """A SAFEARRAY of variants: rows and columns from 1, as a range gives them; a list from 0, as Array() does."""
    lowest = 1 if len(shape) == 2 else 0
    made = oleaut32.SafeArrayCreate(VT_VARIANT, len(shape), (Bound * len(shape))(*((n, lowest) for n in shape)))
    for place, cell in cells:
        index = (c_long * len(shape))(*(lowest + step for step in place))
        assert oleaut32.SafeArrayPutElement(c_void_p(made), index, byref(variant(cell))) == 0
    return made


def variant(value):
    made = Variant()
    if isinstance(value, bool):
        made.vt, made.data.boolean = VT_BOOL, -value
    elif isinstance(value, (int, float)):
        made.vt, made.data.number = VT_R8, value
    elif isinstance(value, str):
        made.vt, made.data.pointer = VT_BSTR, bstr(value)
    elif isinstance(value, list):
        made.vt = VT_ARRAY | VT_VARIANT
        made.data.pointer = array((len(value),), [((i,), cell) for i, cell in enumerate(value)])
    elif isinstance(value, dict) and "rows" in value:
        rows = value["rows"]
        made.vt = VT_ARRAY | VT_VARIANT
        made.data.pointer = array((len(rows), len(rows[0])), [((i, j), cell) for i, row in enumerate(rows)
                                                             for j, cell in enumerate(row)])
    elif isinstance(value, dict):
        made.vt, made.data.integer = VT_ERROR, value.get("error", MISSING)
    return made


def plain(got):
    """An answer as JSON, an integer being an error as it is to the add-in; a type that a cell would show otherwise
    than we mean comes as {"vt": ...}."""
    if got.vt == VT_EMPTY:
        return None
    if got.vt == VT_R8:
        return got.data.number
    if got.vt == VT_BOOL:
        return bool(got.data.boolean)
    if got.vt == VT_BSTR:
        size = oleaut32.SysStringLen(c_void_p(got.data.pointer))
        return ctypes.wstring_at(got.data.pointer, size) if size else ""
    if got.vt == VT_I4:
        return {"error": got.data.integer}
    if got.vt == VT_ARRAY | VT_VARIANT and oleaut32.SafeArrayGetDim(c_void_p(got.data.pointer)) == 2:
        return {"rows": rows_of(c_void_p(got.data.pointer))}
    return {"vt": got.vt}


def rows_of(made):
    spans = []
    for dimension in (1, 2):
        low, high = c_long(), c_long()
        oleaut32.SafeArrayGetLBound(made, dimension, byref(low))
        oleaut32.SafeArrayGetUBound(made, dimension, byref(high))
        spans.append(range(low.value, high.value + 1))
    return [[element(made, i, j) for j in spans[1]] for i in spans[0]]


def element(made, *place):
    cell = Variant()
    assert oleaut32.SafeArrayGetElement(made, (c_long * len(place))(*place), byref(cell)) == 0
    return plain(cell)


def by_reference(made):
    """A variable, as VBA passes it."""
    pointing = Variant()
    pointing.vt, pointing.data.pointer = VT_BYREF | VT_VARIANT, ctypes.addressof(made)
    pointing.kept = made                              # ctypes would free it before the call
    return pointing


_interface = (ctypes.c_byte * 16)()
_release = WINFUNCTYPE(c_uint)(2, "Release")
_names = WINFUNCTYPE(c_long, c_void_p, POINTER(c_wchar_p), c_uint, c_uint, POINTER(c_long))(5, "GetIDsOfNames")
_invoke = WINFUNCTYPE(c_long, c_long, c_void_p, c_uint, c_ushort, POINTER(Arguments), POINTER(Variant),
                      POINTER(Exception_), c_void_p)(6, "Invoke")


class Failed(Exception):
    """A call that COM itself answered with an error: its HRESULT, and the text that came along."""

    def __init__(self, code, text=""):
        super().__init__(f"{code & 0xFFFFFFFF:08X} {text}".strip())


class Server:
    """The server's object, as CallUDF's caller holds it."""

    def __init__(self, pointer):
        self.pointer = c_void_p(pointer)

    def identity(self, name):
        found = c_long()
        code = _names(self.pointer, _interface, byref(c_wchar_p(name)), 1, CHINA, byref(found))
        if code:
            raise Failed(code)
        return found.value

    def invoke(self, identity, *values):
        packed = (Variant * len(values))(*reversed(values))
        result, told = Variant(), Exception_()
        code = _invoke(self.pointer, identity, _interface, CHINA, METHOD_OR_GET,
                       Arguments(packed, None, len(values), 0), result, told, None)
        if code:
            text = ctypes.wstring_at(told.text) if told.text else ""
            raise Failed(told.scode if code == -2147352567 else code, text)
        return plain(result)

    def call(self, name, *arguments):
        """CallUDF as the add-in's VBA calls it."""
        return self.invoke(self.identity("CallUDF"), by_reference(variant(name)),
                           by_reference(variant(list(arguments))))

    def attempt(self, name, *arguments):
        """The answer, or how COM refused."""
        try:
            return self.call(name, *arguments)
        except Failed as failure:
            return {"refused": str(failure)}

    def release(self):
        return _release(self.pointer)


# -- starting, finding and ending the server --------------------------------------------------------

# The packaged server, or what a developer has in its place.
PROGRAM = Path(os.environ.get("JIXIAO_SERVER") or os.environ["JIXIAO_PYTHON"])


def start_command(blanks=1):
    """As the loader of the add-in makes it; the DLL puts the class id in."""
    options = "" if PROGRAM.name == "jixiao-server.exe" else " -B -P -m pyfuncs.server"
    return f'"{PROGRAM}"{options}{" " * blanks}$(CLSID)'


def activate(command=None, mode=1):
    """The server through xlwings' DLL: started, or found where this program has it already."""
    library = ctypes.WinDLL(os.environ["JIXIAO_DLL"])
    library.XLPyDLLActivateAuto.argtypes = [POINTER(Variant), ctypes.c_char_p, c_long]
    result = Variant()
    if library.XLPyDLLActivateAuto(byref(result), (command or start_command()).encode("mbcs"), mode):
        raise Failed(0, str(plain(result)))
    return Server(result.data.pointer) if result.vt == VT_DISPATCH else None


def connect(class_id, patience=20.0):
    """The server by its class id alone, once it answers."""
    dispatch = (ctypes.c_byte * 16)(*uuid.UUID("{00020400-0000-0000-C000-000000000046}").bytes_le)
    wanted = (ctypes.c_byte * 16)(*uuid.UUID(class_id).bytes_le)
    latest = time.monotonic() + patience
    while True:
        pointer = c_void_p()
        try:
            ole32.CoCreateInstance(wanted, None, 4, dispatch, byref(pointer))
            return Server(pointer.value)
        except OSError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.05)


def servers():
    """The running programs named as the server that this process started."""

    class Entry(ctypes.Structure):
        _fields_ = [("size", c_uint), ("usage", c_uint), ("pid", c_uint), ("heap", c_void_p), ("module", c_uint),
                    ("threads", c_uint), ("parent", c_uint), ("priority", c_long), ("flags", c_uint),
                    ("name", ctypes.c_wchar * 260)]

    entry = Entry(size=ctypes.sizeof(Entry))
    kernel32.CreateToolhelp32Snapshot.restype = c_void_p
    snapshot = c_void_p(kernel32.CreateToolhelp32Snapshot(2, 0))
    found, more = [], kernel32.Process32FirstW(snapshot, byref(entry))
    while more:
        if entry.parent == os.getpid() and entry.name == PROGRAM.name:
            found.append(Process(entry.pid))
        more = kernel32.Process32NextW(snapshot, byref(entry))
    kernel32.CloseHandle(snapshot)
    return found


class Process:
    """Another process, to be waited for or killed."""

    def __init__(self, pid):
        self.pid = pid
        kernel32.OpenProcess.restype = c_void_p
        self.handle = c_void_p(kernel32.OpenProcess(SYNCHRONIZE | TERMINATE, False, pid))
        assert self.handle.value

    def kill(self):
        assert kernel32.TerminateProcess(self.handle, 1)
        assert self.ended(10)

    def ended(self, seconds):
        return kernel32.WaitForSingleObject(self.handle, int(seconds * 1000)) == 0
