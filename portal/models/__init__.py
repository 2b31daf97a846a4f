from portal.models.report_channel import ReportChannel

__all__ = ["ReportChannel"]
