"""Which address leads to which door."""

urlpatterns: list = []
