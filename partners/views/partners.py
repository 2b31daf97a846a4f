"""The pages of the registry."""

from django.http import HttpResponse


def _stub(request, **kwargs) -> HttpResponse:
    return HttpResponse("")


partner_list = partner_add = partner_detail = partner_edit = partner_archive = partner_restore = partner_reveal = _stub
