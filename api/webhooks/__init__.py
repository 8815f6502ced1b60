"""Webhooks of events at the gate: at least once, signed (Standard Webhooks), ids only.

outbox writes a message in the transaction of its event, delivery sends it until it arrives or is given up,
targets ensures that no internal address is reached, admin has the screens.
"""
