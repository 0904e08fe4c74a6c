"""What lies outside the product and its database: files, mail, signatures, one adapter each.

Nothing here decides a rule or knows a page; an adapter holds to its port in `application/ports.py`.
"""
