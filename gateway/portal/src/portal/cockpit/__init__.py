"""The cockpit (驾驶舱): how the whole stands, on one screen."""
