"""The forms of a check's report, one a file: each has `render(report) -> str`."""
