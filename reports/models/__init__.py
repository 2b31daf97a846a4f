from reports.models.tally import EventTally, PartnerTally, StopTally, TallyClock

__all__ = ["EventTally", "PartnerTally", "StopTally", "TallyClock"]
