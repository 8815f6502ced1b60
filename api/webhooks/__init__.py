"""Webhooks of what happens at the gate: at least once, signed (Standard Webhooks), ids only.

outbox writes a message in the transaction of its event, delivery sends it until it arrives or is given up,
targets sees to it that no address inside is reached, admin is the screens.
"""
