from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """What lower apps ask of this one: the fate of a partner's participations, what ends with an officer,
        and who may open evidence."""
        from django.utils.translation import gettext_lazy as _

        from accounts import endings, open_work
        from audit import visibility
        from events.open_work import pieces_of
        from events.operations import lifecycle
        from events.operations import open_work as passing_on
        from events.operations.commitments import EVIDENCE
        from events.operations.devices import end_those_of
        from events.operations.directives import EVIDENCE as DIRECTIVE_EVIDENCE
        from events.queries.commitments import commitments_visible_to, sees_evidence
        from events.queries.devices import devices_visible_to
        from events.queries.directives import (
            directive_units_visible_to,
            directives_visible_to,
            sees_directive_evidence,
        )
        from events.queries.events import events_visible_to
        from events.queries.outreach import outreach_visible_to
        from events.queries.participation import exported, proposals_exported
        from events.queries.programs import programs_visible_to
        from files import access
        from partners.lifecycle import Lifecycle, register

        register(
            Lifecycle(
                "events.Participant.partner",
                moved=lifecycle.moved,
                erased=lifecycle.erased,
                exported=exported,
            )
        )
        register(
            Lifecycle(
                "events.Proposal.partner",
                moved=lifecycle.moved,
                erased=lifecycle.proposals_erased,
                exported=proposals_exported,
            )
        )
        open_work.register("event", _("Events"), pieces_of, passing_on.pass_on, needs="event.change")
        endings.register(end_those_of)
        access.register(EVIDENCE, sees_evidence)
        access.register(DIRECTIVE_EVIDENCE, sees_directive_evidence)
        visibility.register("event", visibility.through(events_visible_to))
        visibility.register("program", visibility.through(programs_visible_to))
        visibility.register("commitment", visibility.through(commitments_visible_to))
        visibility.register("device", visibility.through(devices_visible_to))
        visibility.register("directive", visibility.through(directives_visible_to))
        visibility.register("directiveunit", visibility.through(directive_units_visible_to))
        visibility.register("outreach", visibility.through(outreach_visible_to))
