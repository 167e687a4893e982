"""`/health/live`: this process answers. `/health/ready`: it can also do its work."""

from __future__ import annotations

from django.db import Error as AnyDatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

ROLE = """
    SELECT rolsuper OR rolbypassrls,
           EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)
    FROM pg_roles WHERE rolname = current_user
"""


def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> HttpResponse:
    """503 with a reason when the database is away or the role that serves could step over the tenants' walls."""
    reason = _why_not_ready()
    if reason:
        return JsonResponse({"status": "not_ready", "reason": reason}, status=503)
    return JsonResponse({"status": "ready"})


def _why_not_ready() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute(ROLE)
            is_above_the_walls, is_owner = cursor.fetchone()
    except AnyDatabaseError:
        return "the database cannot be reached"
    if is_above_the_walls:
        return "the database role may pass row security; serve with a role that may not"
    return "the database role owns tables; serve with a role that owns none" if is_owner else ""
