"""Made-up fleets with habits, gauges and faults of every kind, and the truth beside them: for forecasts.

`regimes` names the fleets: those for tuning, and those kept aside (other seeds, other parameters, habits that tuning
never saw). Figures on fleets for tuning do not count.
"""
