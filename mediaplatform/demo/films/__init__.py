"""Three short films: drawings in time, with their own music."""
