"""What is sold, bought, and earned by the month."""
