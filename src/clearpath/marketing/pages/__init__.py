"""The pages of agencies besides those that every subject has, and the landing page for everybody."""
