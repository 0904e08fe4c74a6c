"""Makes Word documents out of templates, clauses and facts, and finds the faults of templates.

It knows only the rules' own words (``engine.domain``): no storage, no use case, no page.
"""
