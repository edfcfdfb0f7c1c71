"""Tests of integrations/, one file per module."""
