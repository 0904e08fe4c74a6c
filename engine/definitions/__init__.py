"""Reads ``workflows/`` into checked definitions, and tells every fault at once with its file, line and column.

It may not decide anything about a case, and nothing below it may know that definitions are YAML.
"""
