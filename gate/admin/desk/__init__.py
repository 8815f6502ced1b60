"""The review desk: the admin screens in which verifications are decided.

Views read through gate.reviewing and gate.desk.cases and write through gate.services only. Who may see or
decide a case is answered by gate.reviewing and the services; nothing here knows a rule of its own.
"""
