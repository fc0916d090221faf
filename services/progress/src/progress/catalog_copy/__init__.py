"""What progress knows of the catalog: a copy, made from its events alone."""
