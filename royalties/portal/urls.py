"""Addresses of the artists' portal."""

from django.urls import path

from royalties.portal import reviews, views, works

app_name = "portal"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("<int:payee_id>/", views.overview, name="payee"),
    path("<int:payee_id>/statements/", views.statement_list, name="statements"),
    path("<int:payee_id>/works/", works.work_list, name="works"),
    path("<int:payee_id>/works/<int:release_id>/", works.work, name="work"),
    path("<int:payee_id>/works/<int:release_id>/propose/", works.propose, name="propose"),
    path(
        "<int:payee_id>/works/<int:release_id>/splits/<int:sheet_id>/withdraw/",
        works.take_back,
        name="take_back",
    ),
    path("<int:payee_id>/splits/<int:sheet_id>/answer/", works.answer, name="answer"),
    path("<int:payee_id>/reviews/", reviews.review_list, name="reviews"),
    path("<int:payee_id>/reviews/<int:case_id>/appeal/", reviews.appeal, name="appeal"),
    path("statements/<str:number>/", views.statement, name="statement"),
    path("statements/<str:number>/<str:kind>/", views.download, name="download"),
]
