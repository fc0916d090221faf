"""The zones and units that there are, as the catalog publishes them."""
