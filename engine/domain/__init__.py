"""The rules of Samverk: what may be done, what follows, and why not.

Pure: no I/O, no clock, no framework; the same question always gets the same answer.
"""
