"""Data and recipes for the small language model; nothing here runs while questions are answered."""
