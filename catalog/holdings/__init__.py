"""What those who deliver have in the catalogue: releases, resources and people, each seen by its own deliverer."""
