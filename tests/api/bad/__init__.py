"""What each resource refuses, as data: one list of cases a resource, all of them sent by `test_bad_input.py`."""
