"""Addresses of the artists' portal."""

from django.urls import path

from royalties.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("<int:payee_id>/", views.overview, name="payee"),
    path("<int:payee_id>/statements/", views.statement_list, name="statements"),
    path("statements/<str:number>/", views.statement, name="statement"),
    path("statements/<str:number>/<str:kind>/", views.download, name="download"),
]
