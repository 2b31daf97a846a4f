from accounts.models.election import Election
from accounts.models.officer import Officer
from accounts.models.unit import Jurisdiction, Rank, Unit

__all__ = ["Election", "Jurisdiction", "Officer", "Rank", "Unit"]
