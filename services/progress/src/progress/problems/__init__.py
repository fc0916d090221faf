"""Problems (需协调问题): raised by an office that needs others, answered, settled or taken to the leading group."""
