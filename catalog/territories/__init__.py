"""The real geography: communes, EPCI, departements and regions of France, and the countries of the world."""
