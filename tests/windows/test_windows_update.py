"""A new version's signature, as Windows judges it: the interpreter's own programs are signed."""
from __future__ import annotations


def test_signatures(windows):
    told = windows.ask("""
import shutil, sys, tempfile
from pyfuncs.helper.update_signature import Refused, refuse_badly_signed, signature
folder = Path(tempfile.mkdtemp(prefix="更新 "))
genuine = Path(sys.executable).read_bytes()
contents = {"signed": genuine, "changed": genuine.replace(b"!This program", b"!That program"), "unsigned": b"MZ" + bytes(200)}
for name, data in contents.items():
    (folder / name).with_suffix(".exe").write_bytes(data)
def refusal(name, running):
    sys.executable = str((folder / running).with_suffix(".exe"))
    try:
        return refuse_badly_signed((folder / name).with_suffix(".exe"))
    except Refused as refused:
        return str(refused)
print(json.dumps([{name: f"{signature((folder / name).with_suffix('.exe')):08X}" for name in contents},
                  [refusal(name, running) for running in ("signed", "unsigned") for name in contents]]))
shutil.rmtree(folder)""")
    broken = "新版本的数字签名不对（80096010），没有使用。请告诉放新版本的人。"
    assert told == [
        {"signed": "00000000", "changed": "80096010", "unsigned": "800B0100"},
        [None, broken, "新版本没有数字签名，而现在用的有，没有使用。请告诉放新版本的人。",    # where this program is signed
         None, broken, None]]
