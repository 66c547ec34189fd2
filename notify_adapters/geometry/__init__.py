"""Geometry of the areas that broadcasts go to."""
