"""The play log: heartbeats acknowledged for good, compacted into one Parquet file a day."""
