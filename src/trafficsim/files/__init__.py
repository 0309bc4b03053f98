"""Files that are written whole or not at all, sealed ones, and processes that end with their parent."""
