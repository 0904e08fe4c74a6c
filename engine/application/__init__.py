"""Use cases: load, decide, save. One command is one transaction.

Nothing here decides a rule (that is ``domain``) or knows a database, a page or Word.
"""
