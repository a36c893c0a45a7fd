"""Addresses of the operators' desk for months."""

from django.urls import path, register_converter

from mediaplatform.kernel.periods import Month
from royalties.staff import screening, views


class MonthConverter:
    """`2026-10` in an address is a Month."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        """Read the month; the regex leaves 0000 alone to refuse."""
        return Month.parse(value)

    def to_url(self, value: Month) -> str:
        """Write it back."""
        return str(value)


register_converter(MonthConverter, "month")
app_name = "months"

urlpatterns = [
    path("", views.month_list, name="list"),
    path("glance/", views.glance, name="glance"),
    path("<month:month>/", views.month_page, name="month"),
    path("<month:month>/preview/", views.preview, name="preview"),
    path("<month:month>/post/", views.post, name="post"),
    path("<month:month>/held/", screening.case_list, name="cases"),
    path("<month:month>/held/<int:case_id>/", screening.case_page, name="case"),
    path("<month:month>/held/<int:case_id>/decide/", screening.decide, name="decide"),
    path("<month:month>/held/<int:case_id>/appeals/<int:appeal_id>/", screening.answer, name="answer"),
]
