"""Deliveries: received, read, checked as a whole, and applied in one transaction or not at all."""
