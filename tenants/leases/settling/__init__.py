"""Service costs: dividing what a building cost over a year, and settling it with what was paid in advance."""
