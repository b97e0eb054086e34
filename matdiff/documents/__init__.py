"""Files: reading them, the places in them, and going through their statements."""
