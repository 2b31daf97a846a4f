from partners.models.consent import Consent, ConsentText
from partners.models.partner import Partner
from partners.models.share import Share
from partners.models.social_account import SocialAccount

__all__ = ["Consent", "ConsentText", "Partner", "Share", "SocialAccount"]
