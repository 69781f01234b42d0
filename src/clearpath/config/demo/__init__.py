"""The demo network: invented people and organisations, and journeys made by taking the real steps."""
