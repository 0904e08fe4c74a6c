"""The hash-chained record: canonical text, the chain, and a verifier that runs without the product.

Nothing here may know a database, a page or a rule; the verifier uses the standard library alone.
"""
