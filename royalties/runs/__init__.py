"""Runners of the engine: files in, files out, on one machine or on a cluster."""
