"""Python imports a module of this name when it starts: so every process that tests start is guarded."""

from loopback_only import block_network

block_network()
