from partners.models.consent import Consent, ConsentText
from partners.models.opt_out import OptOut
from partners.models.organization import Affiliation, Organization
from partners.models.outside_request import OutsideRequest, OutsideRequestSubject
from partners.models.partner import Partner
from partners.models.share import Share
from partners.models.social_account import SocialAccount

__all__ = [
    "Affiliation",
    "Consent",
    "ConsentText",
    "OptOut",
    "Organization",
    "OutsideRequest",
    "OutsideRequestSubject",
    "Partner",
    "Share",
    "SocialAccount",
]
