"""How setup.exe is made: the same bytes twice, and signed where there is a certificate."""
from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import installer
import pytest
import standin
import windows as wine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from environment import SetupProblem


def test_the_same_files_give_the_same_bytes(setups, tmp_path):
    folder = standin.folder(tmp_path / "files", setups.program, "1.0.0")
    made = [installer.setup(folder, tmp_path / name / "setup.exe", installer.TEST).read_bytes() for name in "ab"]
    assert made[0] == made[1]


def test_with_a_certificate_all_programs_are_signed(machine, setups, tmp_path, monkeypatch):
    unsigned = setups("1.0.0")
    issuer = certificate(tmp_path / "签 名.pfx", "口令 pass")
    monkeypatch.setenv("JIXIAO_CERTIFICATE", str(tmp_path / "签 名.pfx"))
    monkeypatch.setenv("JIXIAO_CERTIFICATE_PASSWORD", "口令 pass")
    folder = standin.folder(tmp_path / "files", setups.program, "1.0.0")
    setup = installer.setup(folder, tmp_path / "setup.exe", installer.TEST, "1.0.0")
    assert machine.run(setup, "/S") == 0
    programs = [machine.installed / f"{name}.exe" for name in ("jixiao", "jixiao-window", "jixiao-server", "uninstall")]
    assert [signed_by(path, issuer) for path in (setup, *programs)] == [True] * 5
    assert not signed_by(unsigned, issuer)
    monkeypatch.setenv("JIXIAO_CERTIFICATE_PASSWORD", "wrong one")
    with pytest.raises(SetupProblem, match="签名没有成功：jixiao-server.exe") as told:
        installer.setup(folder, tmp_path / "other.exe", installer.TEST, "1.0.0")
    assert "wrong one" not in str(told.value)


def certificate(pfx: Path, password: str) -> Path:
    """One of our own making in `pfx`; the file with its public part."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jixiao test")])
    today = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(1).not_valid_before(today - timedelta(1)).not_valid_after(today + timedelta(9))
            .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .sign(key, hashes.SHA256()))
    pfx.write_bytes(pkcs12.serialize_key_and_certificates(
        b"jixiao", key, made, None, serialization.BestAvailableEncryption(password.encode())))
    public = pfx.with_suffix(".pem")
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return public


def signed_by(program: Path, issuer: Path) -> bool:
    done = subprocess.run(["osslsigncode", "verify", *wine._without_revocations(), "-CAfile", issuer, "-in", program],
                          capture_output=True)
    return done.returncode == 0
