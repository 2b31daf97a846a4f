"""The benchmarks: synthetic volume, bare floors, a small load generator, and the scenarios of the figures to hold."""
