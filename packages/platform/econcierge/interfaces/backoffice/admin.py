"""The operator's admin: models, parts, thresholds, terms, dealers, providers, people. Nobody else gets in.

Terms are dated versions: added, never changed. What happened (orders, decisions, readings) is not edited here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import models as accounts
from econcierge.accounts.types import ScopeKind
from econcierge.catalogue import models as catalogue
from econcierge.coverage import models as coverage
from econcierge.coverage import termsfile
from econcierge.coverage.types import CoverageError


class Backoffice(admin.AdminSite):
    site_header = _("Programme, back office")
    site_title = _("Back office")
    index_title = _("What the operator looks after")
    site_url = "/operator/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, and acting as the operator now: a second role of theirs does not open it."""
        actor = getattr(request, "actor", None)
        return super().has_permission(request) and actor is not None and actor.scope.kind is ScopeKind.ALL

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One door for everybody; who is in already and has no business here is sent to their own first page."""
        return redirect_to_login(request.get_full_path(), login_url="/" if request.user.is_authenticated else None)


site = Backoffice(name="admin")


class Memberships(admin.TabularInline):
    model = accounts.Membership
    extra = 0


@admin.register(accounts.User, site=site)
class People(admin.ModelAdmin):
    list_display = ("email", "name", "language", "is_active")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "is_active")
    inlines = (Memberships,)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(accounts.Dealer, site=site)
class Dealers(admin.ModelAdmin):
    list_display = ("name", "email", "phone")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(accounts.Provider, site=site)
class Providers(admin.ModelAdmin):
    list_display = ("name", "email", "regions")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(accounts.Customer, site=site)
class Customers(admin.ModelAdmin):
    list_display = ("name", "dealer", "created_at", "left_at")
    list_select_related = ("dealer",)
    search_fields = ("name",)
    readonly_fields = ("dealer", "created_at", "left_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class Thresholds(admin.TabularInline):
    model = catalogue.ModelThreshold
    extra = 0


class FitsOfModel(admin.TabularInline):
    model = catalogue.Fit
    extra = 0
    autocomplete_fields = ("part",)


@admin.register(catalogue.PrinterModel, site=site)
class PrinterModels(admin.ModelAdmin):
    list_display = ("name", "manufacturer", "listed_from", "listed_to", "support_ends_on")
    list_filter = ("manufacturer", "family")
    search_fields = ("name",)
    inlines = (Thresholds, FitsOfModel)


@admin.register(catalogue.Part, site=site)
class Parts(admin.ModelAdmin):
    list_display = ("part_number", "kind", "colour", "capacity_class", "yield_pages", "sold", "eligible")
    list_filter = ("kind", "sold", "eligible")
    search_fields = ("part_number",)


class TermsForm(forms.ModelForm):
    """Values are read as the rules read them, so that no version is kept that nobody can decide by."""

    class Meta:
        model = coverage.TermsVersion
        fields = ("programme", "version", "valid_from", "valid_to", "values", "sources")

    def clean_values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.cleaned_data["values"]
        try:
            termsfile.parse_values(values=values, where="values")
        except CoverageError as error:
            raise forms.ValidationError(str(error)) from error
        return values


@admin.register(coverage.TermsVersion, site=site)
class Terms(admin.ModelAdmin):
    form = TermsForm
    list_display = ("programme", "version", "valid_from", "valid_to")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
