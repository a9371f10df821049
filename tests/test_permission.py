"""Does a message about a forbidden folder or file say what to do about that one?"""

from __future__ import annotations

from pathlib import Path

import pytest

from schakel.errors import MachineError
from schakel.lake.stage import machine_faults
from schakel.register.trouble import explain
from schakel.settings import standing


def test_the_folder_that_permission_is_needed_for_is_named(tmp_path: Path) -> None:
    wanted = tmp_path / ".local" / "share" / "schakel"
    assert standing(wanted) == tmp_path
    with pytest.raises(MachineError) as raised, machine_faults(wanted / "lake"):
        raise PermissionError(13, "Permission denied", str(tmp_path / ".local"))
    assert f"permission to write in {tmp_path}," in raised.value.remedy
    assert "SCHAKEL_HOME" in raised.value.remedy


def test_the_registers_folder_is_named(tmp_path: Path) -> None:
    error = explain(PermissionError(13, "Permission denied"), str(tmp_path / ".local" / "register.sqlite"))
    assert isinstance(error, MachineError)
    assert f"permission to write in {tmp_path}," in error.remedy
    assert "SCHAKEL_HOME" in error.remedy and "--register" in error.remedy
    other = explain(OSError("unable to open"), "postgresql://host/register")
    assert "permission to write" not in other.remedy and "--register" in other.remedy
