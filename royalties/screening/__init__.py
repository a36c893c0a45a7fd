"""Plays that a person should look at before they are paid: rules that hold, people who decide."""
