"""Palauteketju: the customer-feedback chain of a Finnish wellbeing services county."""
