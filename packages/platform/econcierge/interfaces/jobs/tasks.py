"""Every job, found here by procrastinate: the modules beside this one, a module a domain."""

from econcierge.interfaces.jobs import coverage, fulfilment, notifications, orders, schedule, service  # noqa: F401
