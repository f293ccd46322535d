"""Runs every test and ends with a line `N passed, N failed, N skipped`."""

import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "src")]

result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.discover(str(FOLDER)))
failed = len({str(test) for test, _ in result.failures + result.errors})
skipped = len(result.skipped)
print(f"{result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped", flush=True)
sys.exit(0 if result.wasSuccessful() and result.testsRun > skipped else 1)
