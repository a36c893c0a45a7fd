"""Files on their way in: sent by browsers and programs in parts, swept when abandoned, handed over as a delivery."""
