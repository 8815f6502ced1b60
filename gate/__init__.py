"""The gate: who may read. Accounts, their records, and one pure decision.

Imports point right only: gate → cms → Wagtail. Readers are in selectors and access, writers in services;
policy.decide() does no I/O.
"""
