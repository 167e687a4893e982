"""What to order and by when, so that nothing runs out and little toner is thrown away; orders that place themselves.

`rules.advise` is pure: the forecast against the time a delivery takes, with what is on the shelf and on its way.
"""
