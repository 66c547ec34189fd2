"""What every store of the platform's data does, a module per sub-domain.

An adapter's test classes supply the fixture ``storage``, a factory of units of work on an empty store.
"""
