"""Where do the accessibility tests get axe-core? Puts axe.min.js into .schakel/axe-core by npm; run by hand, once.

python scripts/fetch_axe.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.14.1"
TARGET = Path(__file__).parents[1] / ".schakel" / "axe-core" / "axe.min.js"


def main() -> int:
    """Fetch the package with npm and keep the one file the tests inject."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed; the accessibility tests will be skipped", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", f"axe-core@{VERSION}"], cwd=folder, check=True, stdout=sys.stderr)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            member = archive.extractfile("package/axe.min.js")
            if member is None:
                return 1
            TARGET.parent.mkdir(parents=True, exist_ok=True)
            TARGET.write_bytes(member.read())
    print(f"axe-core {VERSION}: {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
