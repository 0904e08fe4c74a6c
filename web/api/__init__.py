"""The JSON interface under ``/api/v1``: the same use cases as the pages, the same rights, the same "no".

It may not decide anything: a view parses, asks one use case or one query, and shapes the answer.
"""
