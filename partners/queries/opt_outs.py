"""Which addresses must not be used, and which records stand for somebody who asked so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from partners.choices import AddressKind
from partners.models import OptOut, Partner, SocialAccount
from partners.opt_outs import Address, addresses, hash_of
from partners.search import normalised


def opted_out_among(wanted: Iterable[Address]) -> set[Address]:
    """Those of the addresses whose owner asked not to be contacted, whoever wrote it down. One query for all."""
    by_hash = {hash_of(address): address for address in wanted}
    if not by_hash:
        return set()
    found = OptOut.objects.filter(address_hash__in=list(by_hash)).values_list("address_hash", flat=True)
    return {by_hash[one] for one in found}


def is_opted_out(address: Address) -> bool:
    return bool(opted_out_among([address]))


def addresses_of(partner: Partner) -> list[Address]:
    """Every address that is known of a person. One query, for the handles, unless they were fetched along."""
    accounts = [(account.platform, account.handle_key) for account in partner.social_accounts.all()]
    return addresses(phone=partner.phone, email=partner.email, handles=accounts)


def closed_ways_of(partner: Partner) -> dict[str, Any]:
    """What a page says of a person's addresses: which are not to be used. One query beside that for the handles.

    ``phone`` and ``email`` are flags, ``handles`` the set of ``platform:handle_key``; ``any`` when one of them is set.
    """
    closed = opted_out_among(addresses_of(partner))
    return {
        "phone": any(address.kind == AddressKind.PHONE for address in closed),
        "email": any(address.kind == AddressKind.EMAIL for address in closed),
        "handles": {address.value for address in closed if address.kind == AddressKind.HANDLE},
        "any": bool(closed),
    }


def records_of_same_person(partner: Partner) -> list[int]:
    """Ids of other records, in whatever unit, that bear one of the person's addresses and a name that may be theirs.

    For operations only: no page may tell that they exist. Households and offices share numbers and accounts, so an
    address alone does not make two records one person.
    """
    same = Q(pk__in=[])
    if partner.phone:
        same |= Q(phone=partner.phone)
    if partner.email:
        same |= Q(email=partner.email)
    for platform, key in partner.social_accounts.values_list("platform", "handle_key"):
        holders = SocialAccount.objects.filter(platform=platform, handle_key=key)
        same |= Q(pk__in=list(holders.values_list("partner_id", flat=True)))
    others = Partner.objects.filter(same).exclude(pk=partner.pk).order_by("pk")
    return [pk for pk, name in others.values_list("pk", "full_name") if _may_be_one(partner.full_name, name)]


def _may_be_one(name: str, other: str) -> bool:
    """All words of one name stand in the other: "Sari Wulandari" and "Sari", not "Sari" and "Budi"."""
    words, others = set(normalised(name).split()), set(normalised(other).split())
    return bool(words and others) and (words <= others or others <= words)
