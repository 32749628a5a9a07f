"""Sign a program for Windows where there is a certificate: python3 build/sign.py FILE

JIXIAO_CERTIFICATE is a PKCS#12 file (.pfx), JIXIAO_CERTIFICATE_PASSWORD its password, JIXIAO_TIMESTAMP the address
of a time-stamp server, without which a signature ends with its certificate. Without a certificate nothing is signed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import SetupProblem

COMMAND = f'"{sys.executable}" "{Path(__file__).resolve()}"'
UNSIGNED = "没有签名：没有给出代码签名证书（JIXIAO_CERTIFICATE）。Windows 第一次运行时会提示“未知发布者”。"
NAME = "绩效自评工具箱"


def certificate() -> Path | None:
    """The certificate given. Raises SetupProblem when it is not there."""
    given = os.environ.get("JIXIAO_CERTIFICATE")
    if not given:
        return None
    if not Path(given).is_file():
        raise SetupProblem(f"没有这个证书文件：{given}（JIXIAO_CERTIFICATE）")
    return Path(given)


def sign(file: Path) -> None:
    """Sign in place, with a certificate; without one do nothing. Raises SetupProblem."""
    if (pfx := certificate()) is None:
        return
    password, stamp = (os.environ.get(f"JIXIAO_{name}", "") for name in ("CERTIFICATE_PASSWORD", "TIMESTAMP"))
    signed = file.with_name(file.name + ".signed")
    if sys.platform == "win32":
        command = ["signtool", "sign", "/fd", "sha256", "/f", str(pfx), "/p", password, "/d", NAME,
                   *(["/td", "sha256", "/tr", stamp] if stamp else []), str(file)]
    else:
        command = ["osslsigncode", "sign", "-pkcs12", str(pfx), "-readpass", "/dev/stdin", "-h", "sha256", "-n", NAME,
                   *(["-ts", stamp] if stamp else []), "-in", str(file), "-out", str(signed)]
    if shutil.which(command[0]) is None:
        raise SetupProblem(f"没有找到 {command[0]}，不能签名。")
    done = subprocess.run(command, input=password, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise SetupProblem(f"签名没有成功：{file.name}\n{done.stdout}{done.stderr}".replace(password or "\0", "……"))
    if signed.exists():
        signed.replace(file)


if __name__ == "__main__":
    try:
        sign(Path(sys.argv[1]))
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
