"""Fine-tuning of the bundled models; nothing here runs when questions are answered, save reading an adapter."""
