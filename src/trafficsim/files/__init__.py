"""Files that are written whole or not at all, sealed ones, and processes that end with their parent."""

HELD_BYTES = 64_000_000
"""Data of no more bytes are held in memory as they are, more of them packed (assumed): see `packed`, which is slow to
import. Unpacking less than this would take longer than it is worth."""
