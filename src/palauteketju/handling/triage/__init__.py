"""What a feedback is taken for: the word rules with their data, and the road that follows. People confirm or correct it."""
