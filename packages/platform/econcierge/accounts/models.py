"""People and the organisations they belong to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from econcierge.accounts.types import Role, TokenKind

LANGUAGES = [("fr-ca", _("French")), ("en-ca", _("English"))]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an address; what they may see stands in their memberships."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="fr-ca")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Dealer(models.Model):
    """Who sells to customers and answers them (R36); merchant of record."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    postal_address = models.CharField(max_length=300, blank=True)
    accent_colour = models.CharField(max_length=7, blank=True)  # "#rrggbb"; corrected for contrast when shown
    tax_numbers = models.JSONField(default=dict)  # {"GST": "…", "QST": "…"}

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A company that prints: the tenant. Its `id` is in the key of everything it owns."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="customers")
    language = models.CharField(max_length=5, choices=LANGUAGES, default="fr-ca")
    created_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Provider(models.Model):
    """An authorised service provider: where it works and on what."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    regions = models.JSONField(default=list)  # provinces, "QC"
    postal_prefixes = models.JSONField(default=list)  # ["H", "J4"]; empty: the whole region
    models_served = models.JSONField(default=list)  # names of models; empty: all

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in one organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE)
    dealer = models.ForeignKey(Dealer, null=True, blank=True, on_delete=models.CASCADE)
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_fits_role",
                condition=Q(
                    role__startswith="customer_",
                    customer__isnull=False,
                    dealer__isnull=True,
                    provider__isnull=True,
                )
                | Q(
                    role__startswith="dealer_",
                    customer__isnull=True,
                    dealer__isnull=False,
                    provider__isnull=True,
                )
                | Q(
                    role__startswith="provider_",
                    customer__isnull=True,
                    dealer__isnull=True,
                    provider__isnull=False,
                )
                | Q(
                    role__startswith="operator_",
                    customer__isnull=True,
                    dealer__isnull=True,
                    provider__isnull=True,
                ),
            ),
            models.UniqueConstraint(
                name="membership_once",
                fields=["customer", "dealer", "provider", "user"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"


class ApiToken(models.Model):
    """What a programme shows to act for a person in one of their roles; kept as a hash, revocable one by one."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in TokenKind])
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link that carries who invites whom, so that nothing is typed twice.

    Without a `customer` it opens one. `is_self_service`: asked for by the person themselves, so the mailed link is
    the only place where the code is.
    """

    code = models.CharField(max_length=16, unique=True)
    dealer = models.ForeignKey(Dealer, on_delete=models.CASCADE)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)
    company = models.CharField(max_length=120)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, choices=LANGUAGES)
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    is_self_service = models.BooleanField(default=False)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.company}"
