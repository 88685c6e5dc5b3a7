"""Where things lie that tests read: the checkout, the samples, and what is shared beside it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_records"
SHARED = ROOT.parent / "shared"
