"""Lets the tests import what the command imports, from the folder that both are in."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
