"""The demo's repertoire: one module a band, one function a piece, each returning finished stereo sound."""
