"""Every job, found here by procrastinate: the modules beside this one, a module a domain."""

from econcierge.interfaces.jobs import (  # noqa: F401
    alerts,
    coverage,
    forecasts,
    fulfilment,
    invitations,
    left_behind,
    notifications,
    orders,
    replenishment,
    schedule,
    service,
)
