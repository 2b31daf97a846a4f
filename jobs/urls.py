from django.urls import path

from jobs import views

app_name = "jobs"

urlpatterns = [
    path("<uuid:public_id>/", views.job_detail, name="job-detail"),
    path("<uuid:public_id>/hentikan/", views.job_cancel, name="job-cancel"),
]
