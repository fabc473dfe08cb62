"""How the tables of the clean stage are made."""
