"""The pages: a chat with its sources beside it, and one page per source document."""
