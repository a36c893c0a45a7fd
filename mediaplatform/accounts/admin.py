from django.contrib import admin

from mediaplatform.accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ["email", "name", "is_operator", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "is_operator", "is_active"]
