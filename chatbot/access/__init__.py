"""Who may ask: sites with their origins, API keys, and the tokens of visitors."""
