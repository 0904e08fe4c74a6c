"""The product without a screen: rules, use cases, definitions and storage.

Nothing here may know about pages, HTTP or Word.
"""
