"""Libraries: who they are and what territories they serve."""
