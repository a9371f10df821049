"""Schakel."""
