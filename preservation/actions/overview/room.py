"""How much room there is in a place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """The room that a place has: bytes free and in all, and the number of the device that it lies on."""

    free_bytes: int
    total_bytes: int
    device: int
