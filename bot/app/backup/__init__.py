"""A deployment saved and brought back: its tables and files, and what citizens wished since."""
