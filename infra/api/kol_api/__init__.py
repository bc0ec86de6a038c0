"""Scores KOLs with the champions of the registry, as they are: raw columns in, calibrated answers out."""
