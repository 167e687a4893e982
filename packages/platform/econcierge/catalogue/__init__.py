"""What printers and supplies there are: models, parts, what fits what, and each dealer's dated prices.

The programme's operator keeps models, parts and fits; a dealer keeps its prices. Everything comes in by CSV,
all or nothing, with every bad line named."""
