"""The catalogue for programs: /api/v1/ for those who deliver, for operators, and for search."""
