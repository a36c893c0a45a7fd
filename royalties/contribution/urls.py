"""Addresses of a library's contribution, beside its console's others."""

from django.urls import path

from royalties.contribution import views

app_name = "contribution"

urlpatterns = [
    path("<slug:slug>/contribution/", views.contribution, name="page"),
    path("<slug:slug>/contribution/glance/", views.glance, name="glance"),
    path("<slug:slug>/contribution.csv", views.export, name="csv"),
]
