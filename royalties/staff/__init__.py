"""The cooperative's desk for months: what blocks a close, its runs, its journal."""
