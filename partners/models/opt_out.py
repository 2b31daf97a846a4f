"""Leaving is remembered without the person: what was asked not to be used again, and not whose it was."""

from django.db import models

from partners.choices import AddressKind


class OptOut(models.Model):
    """A keyed hash of one address. Nothing leads from it back to a person; imports and messages refuse the address."""

    address_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=6, choices=AddressKind)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AddressKind.values), name="opt_out_kind_known")
        ]

    def __str__(self) -> str:
        return self.kind
