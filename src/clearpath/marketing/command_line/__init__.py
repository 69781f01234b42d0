"""What `clearpath marketing` can do: one module for each act, named as it is typed; `core.acts` says how."""
