"""What pages and programmes are shown in the same words, and how often anybody may ask: below every interface."""
