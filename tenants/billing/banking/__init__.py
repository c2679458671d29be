"""The bank: statements read in, what each movement pays, and what a person has to say about the rest."""
