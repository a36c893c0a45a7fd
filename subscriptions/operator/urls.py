"""Addresses of the operators' desk for libraries."""

from django.urls import URLPattern

app_name = "operator"

urlpatterns: list[URLPattern] = []
