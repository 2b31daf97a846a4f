from django.urls import path

from regions.views import regions, sources

app_name = "regions"

urlpatterns = [
    path("sumber-data/", sources.about_data, name="about-data"),
    path("pilihan/", regions.region_options, name="region-options"),
]
