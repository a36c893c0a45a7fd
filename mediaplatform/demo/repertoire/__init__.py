"""The works of the demo, as data: what is delivered by whom, made by whom, shared how."""
