"""Starting the product on one machine: the embedded database, the processes that make it up, and their order.

It owns `var/` (what lies where, which secrets, which ports) and the demo's first day. Nothing but the command line
and the tests imports it.
"""
