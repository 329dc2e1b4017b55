"""What a landscape or a run is like."""
