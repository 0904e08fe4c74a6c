"""Storage on SQLite and PostgreSQL: rows, transactions, lists and migrations (SQLAlchemy Core).

Nothing here decides a rule; rows (`...Row`, tables) never leave this package, only domain values and query classes do.
"""
