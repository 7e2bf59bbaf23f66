"""Lets ``python -m deviceclouds.cli`` run the command."""

from __future__ import annotations

from . import main

main()
