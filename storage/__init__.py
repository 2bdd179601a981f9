"""What is remembered: SQL over SQLite (aiosqlite) and PostgreSQL (asyncpg), behind one set of calls.

Knows no flow and no channel. Rows go in and out as plain data.
"""
