"""Authenticode: a new version may be without a signature only where this one is, and never with a broken one."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from pathlib import Path

from pyfuncs.helper.update_source import Refused

VALID, UNSIGNED = 0, 0x800B0100                       # TRUST_E_NOSIGNATURE
_NO_UI, _NO_REVOCATION, _A_FILE, _VERIFY, _CLOSE = 2, 0, 1, 1, 2
_CACHE_ONLY = 0x1000                                  # nothing is asked over the network
_GENERIC_VERIFY = (0x00AAC56B, 0xCD44, 0x11D0, (0x8C, 0xC2, 0x00, 0xC0, 0x4F, 0xC2, 0x95, 0xEE))


class _Guid(ctypes.Structure):
    _fields_ = [("one", wintypes.DWORD), ("two", wintypes.WORD), ("three", wintypes.WORD), ("rest", ctypes.c_ubyte * 8)]


class _File(ctypes.Structure):
    _fields_ = [("size", wintypes.DWORD), ("path", wintypes.LPCWSTR), ("handle", wintypes.HANDLE),
                ("subject", ctypes.c_void_p)]


class _Data(ctypes.Structure):
    _fields_ = [("size", wintypes.DWORD), ("policy", ctypes.c_void_p), ("sip", ctypes.c_void_p),
                ("ui", wintypes.DWORD), ("revocation", wintypes.DWORD), ("kind", wintypes.DWORD),
                ("file", ctypes.POINTER(_File)), ("action", wintypes.DWORD), ("state", wintypes.HANDLE),
                ("url", wintypes.LPCWSTR), ("flags", wintypes.DWORD), ("context", wintypes.DWORD),
                ("signature", ctypes.c_void_p)]


def refuse_badly_signed(copy: Path) -> None:
    """Raises Refused for a file whose signature does not hold, and for one without where this program is signed."""
    found = signature(copy)
    if found not in (VALID, UNSIGNED):
        raise Refused(f"新版本的数字签名不对（{found:08X}），没有使用。请告诉放新版本的人。")
    if found == UNSIGNED and signature(Path(sys.executable)) == VALID:
        raise Refused("新版本没有数字签名，而现在用的有，没有使用。请告诉放新版本的人。")


def signature(path: Path) -> int:
    """Windows' own verdict on a file: VALID, UNSIGNED or another of its codes."""
    file = _File(ctypes.sizeof(_File), str(path), None, None)
    data = _Data(ctypes.sizeof(_Data), None, None, _NO_UI, _NO_REVOCATION, _A_FILE, ctypes.pointer(file), _VERIFY,
                 None, None, _CACHE_ONLY, 0, None)
    one, two, three, rest = _GENERIC_VERIFY
    action = _Guid(one, two, three, (ctypes.c_ubyte * 8)(*rest))
    verify = ctypes.windll.wintrust.WinVerifyTrust
    verdict = verify(None, ctypes.byref(action), ctypes.byref(data)) & 0xFFFFFFFF
    data.action = _CLOSE
    verify(None, ctypes.byref(action), ctypes.byref(data))
    return verdict
