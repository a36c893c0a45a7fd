"""The one door to a query engine: DuckDB, or Spark where the extra `spark` is installed."""
