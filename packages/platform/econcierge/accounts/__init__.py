"""Who there is and who may see what: the operator, dealers, customers, service providers, people and their roles.

Any number of people per company (R05). A `Scope` says whose rows a caller may see; queries ask for it and
`scoping.enter` tells PostgreSQL, whose row security holds the second wall."""
