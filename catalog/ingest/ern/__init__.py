"""DDEX Electronic Release Notification 4.3, 4.2 and 3.8.2 into the rows that every delivery becomes.

Names of elements are those of the standard; the version is known by the root's namespace. In 4.x parties stand once
and are referred to; in 3.8 they are written where they are credited, and much stands in `...DetailsByTerritory`.
"""
