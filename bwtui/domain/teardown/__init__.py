"""How everything that a setup has made is removed."""
