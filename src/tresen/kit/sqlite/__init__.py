"""SQLite with connections that are used again (base.py)."""
