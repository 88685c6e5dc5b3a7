"""The journal in the stores: appended under one lock, brought level, verified, signed."""
