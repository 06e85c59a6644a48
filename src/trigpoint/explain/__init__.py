"""How one number came about, told from its definition to the loads that it rests on."""
