from django.urls import path

from reports.views import quick_report

app_name = "reports"

urlpatterns = [path("<uuid:public_id>/laporan-cepat/", quick_report.quick_report, name="quick-report")]
