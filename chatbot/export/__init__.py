"""Answers, case lists and comparisons as files: one report, written as Markdown, DOCX or XLSX."""
