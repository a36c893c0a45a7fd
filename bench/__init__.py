"""Measurements that print ratios against a floor of the same run: `make bench`, `make bench-cct`."""
