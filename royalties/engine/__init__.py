"""The calculation of the contribution creative territoriale: pure, exact, the same on every machine."""
