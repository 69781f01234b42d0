"""Pages about offers: the directory, the search, the comparison."""
