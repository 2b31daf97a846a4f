"""Remembering an address that must not be used, and forgetting it again when the person allows it themselves."""

from __future__ import annotations

from collections.abc import Iterable

from partners.choices import AddressKind, Purpose
from partners.models import OptOut, Partner
from partners.opt_outs import Address, hash_of
from partners.queries.opt_outs import addresses_of

# Which addresses a consent to be contacted opens again.
_OPENED_BY = {
    Purpose.EMAIL: {AddressKind.EMAIL},
    Purpose.PHONE: {AddressKind.PHONE},
    Purpose.WHATSAPP: {AddressKind.PHONE, AddressKind.HANDLE},
}


def remember(addresses: Iterable[Address]) -> int:
    """Keep the hashes; those known already stay with their day. Part of an operation, which writes the audit."""
    rows = [OptOut(address_hash=hash_of(address), kind=address.kind) for address in addresses]
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def reopen(partner: Partner, purpose: str) -> int:
    """Forget the addresses that the person's own yes to ``purpose`` is about. Part of ``consents.record``."""
    kinds = _OPENED_BY[Purpose(purpose)]
    hashes = [hash_of(address) for address in addresses_of(partner) if address.kind in kinds]
    return OptOut.objects.filter(address_hash__in=hashes).delete()[0]
