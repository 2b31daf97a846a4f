from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """What lower apps ask of this one: the fate of a partner's participations, and who may open evidence."""
        from events.operations import lifecycle
        from events.operations.commitments import EVIDENCE
        from events.queries.commitments import sees_evidence
        from events.queries.participation import exported
        from files import access
        from partners.lifecycle import Lifecycle, register

        register(
            Lifecycle("events.Participant.partner", moved=lifecycle.moved, erased=lifecycle.erased, exported=exported)
        )
        access.register(EVIDENCE, sees_evidence)
