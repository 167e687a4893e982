"""What every room needs and none owns: money, moments, errors, the walls between tenants, the one `defer` for jobs."""
