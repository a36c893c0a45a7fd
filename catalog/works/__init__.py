"""Reading the catalogue: what a profile may see, and as what."""
