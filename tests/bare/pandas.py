"""Stands before pandas where commands are tested: as for most who run them, it is not there.

pyarrow imports pandas, where it is installed, to ask whether an array is one of its own. That takes a
quarter of a second of every command, and four times that where coverage is measured.
"""

raise ImportError("pandas is kept from the commands that tests run (tests/bare)")
