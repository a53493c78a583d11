"""Plans: the action of each step with its exact request, and the rules about money and about being finished."""
