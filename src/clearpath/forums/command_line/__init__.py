"""What `clearpath forums` can do, one module for each."""
