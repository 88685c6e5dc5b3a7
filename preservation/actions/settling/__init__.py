"""Findings settled: by a person, by what is done about them, by a batch that came again."""
