"""The playback API that every player uses."""
