"""Inner parts of the development command: nothing here is meant to be called by hand."""
