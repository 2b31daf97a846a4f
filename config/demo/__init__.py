"""The sample data: real public facts of three evenings, and people who do not exist.

One noun per file. Everything is written through the operations that the pages use, so that the sample obeys the rules;
the same seed gives the same people each time.
"""
