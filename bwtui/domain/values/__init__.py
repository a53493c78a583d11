"""Plain values and text, without anything of a setup: phone numbers, hosts, secrets, documents, and what is wrong with each."""
