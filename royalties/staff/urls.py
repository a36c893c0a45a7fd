"""Addresses of the operators' desk for months."""

from django.urls import URLPattern

app_name = "months"

urlpatterns: list[URLPattern] = []
