"""The life of a consultation: defined, checked, previewed, opened, amended, closed."""
