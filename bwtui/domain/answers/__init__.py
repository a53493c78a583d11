"""The answers to the questions of the catalogue, and what is wrong with them."""
