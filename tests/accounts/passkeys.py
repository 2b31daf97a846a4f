"""A passkey as a device would have made it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

_ID = b"kunci-uji-coba-1"


def passkey(officer: Any, name: str = "HP dinas") -> Authenticator:
    """Written straight to the table; enough for pages, not for a login."""
    key = ES256({1: 2, 3: -7, -1: 1, -2: b"\x01" * 32, -3: b"\x02" * 32})
    credential = AttestedCredentialData.create(Aaguid(b"\0" * 16), _ID, key)
    data = AuthenticatorData.create(
        b"\0" * 32, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, credential
    )
    attestation = AttestationObject.create("none", data, {})
    response = {
        "clientDataJSON": websafe_encode(
            b'{"type":"webauthn.create","challenge":"","origin":"http://localhost"}'
        ),
        "attestationObject": websafe_encode(bytes(attestation)),
    }
    encoded = websafe_encode(_ID)
    return Authenticator.objects.create(
        user=officer,
        type=Authenticator.Type.WEBAUTHN,
        data={
            "name": name,
            "credential": {
                "id": encoded,
                "rawId": encoded,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            },
        },
    )
