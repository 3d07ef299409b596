"""County → area → unit, the people who work there and the systems that speak for them."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, scope: "Unit") -> "UnitQuerySet":
        """The scope itself, its areas and their units."""
        return self.filter(
            models.Q(pk=scope.pk) | models.Q(parent=scope.pk) | models.Q(parent__parent=scope.pk),
        )

    def open_on(self, day: date) -> "UnitQuerySet":
        return self.filter(
            models.Q(active_from__isnull=True) | models.Q(active_from__lte=day),
            models.Q(active_to__isnull=True) | models.Q(active_to__gte=day),
        )

    def giving_service(self) -> "UnitQuerySet":
        """Units a customer can give feedback on; counties and areas only hold them."""
        return self.filter(kind=Unit.Kind.UNIT)

    def in_order(self) -> "UnitQuerySet":
        """The county first, each area followed by its units, by code: whole codes tell what belongs together."""
        area = models.Case(models.When(kind="unit", then=models.F("parent__code")), default=models.F("code"))
        rank = models.Case(models.When(kind="county", then=0), default=1)
        inner = models.Case(models.When(kind="unit", then=1), default=0)
        return self.annotate(_rank=rank, _area=area, _inner=inner).order_by(
            "_rank", "_area", "_inner", "code"
        )


class Unit(models.Model):
    """A place of the organisation. Codes never change their meaning: a closed unit keeps its row."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("County")
        AREA = "area", _("Service area")
        UNIT = "unit", _("Unit")

    code = models.CharField(max_length=40, unique=True)
    # The code as it stands in addresses and on posters.
    slug = models.SlugField(max_length=40, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    name_fi = models.CharField(max_length=120)
    name_sv = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    # The unit's national identifier in the register of social and health care organisations.
    oid = models.CharField(max_length=80, blank=True)
    # Being a customer there is sensitive in itself: a text message never names such a unit.
    sensitive = models.BooleanField(default=False)
    sms = models.BooleanField(default=False)
    active_from = models.DateField(null=True)
    active_to = models.DateField(null=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["oid"], condition=~models.Q(oid=""), name="unit_oid_is_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="county", parent__isnull=True) | models.Q(parent__isnull=False),
                name="only_a_county_has_no_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_in(translation.get_language() or "fi")

    def name_in(self, language: str) -> str:
        return {"sv": self.name_sv, "en": self.name_en}.get(language) or self.name_fi

    def is_open_on(self, day: date) -> bool:
        """Whether customers visit it on that day; both ends count."""
        return not (
            (self.active_from and day < self.active_from) or (self.active_to and day > self.active_to)
        )


class Person(AbstractUser):
    """Somebody who signs in. What a person may see comes from roles only; Django's own permissions are unused."""

    language = models.CharField(max_length=2, default="fi")
    # An administrator knows it too: until it is changed, only the page that changes it opens.
    password_is_issued = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Role(models.Model):
    """A person's role in a unit, an area or the county, with everything below it."""

    class Kind(models.TextChoices):
        HANDLER = "handler", _("Handler")
        MEMBER = "member", _("Member of the work community")
        MANAGER = "manager", _("Manager")
        COMMUNICATIONS = "communications", _("Communications")
        ADMINISTRATOR = "administrator", _("Administrator")
        PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "unit", "kind"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.unit}"


class Absence(models.Model):
    """Days on which a person is away; both ends count. It gives nobody a right that they have not."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    # Prompted instead, where they have the same role themselves.
    substitute = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    # When others were told of what waited for the person; NULL: it has not begun, or nobody has been told yet.
    others_told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["last_day"], name="absence_last_day")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(substitute=models.F("person")), name="absence_substitute_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class Integration(models.Model):
    """Another system that may write or read through the API: named rights, in a unit or all that is below it."""

    class Right(models.TextChoices):
        FEEDBACK = "feedback", _("May send feedback")
        SERVICE_EVENTS = "service_events", _("May send service events")
        READ_BLOCKS = "read_blocks", _("May read the figures of the reports")

    name = models.CharField(max_length=80, unique=True)
    key_hash = models.BinaryField(max_length=32, unique=True)
    right = models.CharField(max_length=16, choices=Right)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class FailedSignIn(models.Model):
    """A wrong password, kept for the quarter of an hour in which it counts. The name is only a keyed hash."""

    name_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name_hash", "at"], name="failed_sign_in_of_a_name")]

    def __str__(self) -> str:
        return f"failed sign-in {self.pk}"
