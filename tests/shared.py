"""Where the shared data folder stands, and how a test says that it needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[1].parent / "shared"
DATA = SHARED / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="shared data folder absent")
