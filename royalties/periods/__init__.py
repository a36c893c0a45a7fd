"""Closing a month: from the play log and the revenue to postings and statements."""
