def run_due() -> None:
    """Placeholder until the outbox is built."""
