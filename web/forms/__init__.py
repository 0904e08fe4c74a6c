"""Forms: what was typed becomes a command, or a list of faults beside the fields.

Nothing here may decide a rule or read the database.
"""
