"""Strict stand-ins for the world outside, as real servers on loopback."""
