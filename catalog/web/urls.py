from django.urls import path

from catalog.web import search_views, views

app_name = "catalog"
urlpatterns = [
    path("discover/", views.discover, name="discover"),
    path("search/", search_views.search, name="search"),
    path("search/suggest", search_views.suggest, name="suggest"),
    path("works/<int:release_id>/<slug:slug>/", views.release, name="release"),
    path("artists/<int:party_id>/<slug:slug>/", views.artist, name="artist"),
    path("play/<int:resource_id>/", views.play, name="play"),
    path("covers/<int:release_id>/<int:size>.webp", views.cover, name="cover"),
]
