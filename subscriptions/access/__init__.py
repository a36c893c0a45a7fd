"""Who may play what, now: decides, and signs the grant that the doorman verifies."""
