"""What `clearpath agreements` can do: one module for each act, none of which asks the database; see `core.acts`."""
