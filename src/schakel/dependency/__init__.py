"""Which imports cannot be replaced, who cannot replace ours, and how much of it is a matter of definition."""
