from django.urls import path, re_path

from mediaplatform.ui import views

app_name = "ui"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("ui/", views.gallery, name="gallery"),
    path("ui/theme/", views.set_theme, name="theme"),
    re_path(r"^ui/accent/(?P<colour>[0-9a-f]{6})\.css$", views.accent, name="accent"),
]
