"""What every package speaks: money, periods, territories, apportionment. Pure, standard library only."""
