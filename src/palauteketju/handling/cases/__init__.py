"""A case as pages and papers show it: its words, its days, its history, and how it is found."""
