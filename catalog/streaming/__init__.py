"""The doorman: verifies grants by itself, and serves what they open."""
