"""The operators' pages about deliveries."""
