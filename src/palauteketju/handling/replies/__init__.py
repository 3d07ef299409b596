"""What helps a handler to write to a customer, and what an answer is looked at for before it goes."""
