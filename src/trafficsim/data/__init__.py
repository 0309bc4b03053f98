"""Own data: tables of counts by date, as companies hold them, read from CSV and Excel files."""
