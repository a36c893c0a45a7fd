"""Finding works: what they are found by, what was typed, facets, order, pages that hold still, suggestions."""

from catalog.works.search.indexing import index_releases

__all__ = ["index_releases"]
