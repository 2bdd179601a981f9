"""What every page stands in: the gate, headers, templates, reading a form."""
