"""The design system: tokens, components, page shells, and the pages that belong to nobody else."""
