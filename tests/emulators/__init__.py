"""Providers that answer on the loopback address, for tests, benchmarks and trying things out."""
