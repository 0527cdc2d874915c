"""Metrics as pure functions over values: ranking, answers, intervals and tests, confidence."""
