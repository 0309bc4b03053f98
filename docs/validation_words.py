"""Words of docs/validation.md around its numbers."""

BEFORE = ""
AFTER = ""
NOTES: dict[str, str] = {}
REASONS: dict[str, str] = {}
