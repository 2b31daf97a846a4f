def sweep_retention() -> None:
    """Placeholder until the outbox is built."""
