"""Official documents (公文) of what the pages show, as Word."""
