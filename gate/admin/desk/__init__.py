"""The review desk: the admin screens in which verifications are decided.

Views read through gate.people.reviewing and gate.admin.desk.cases and write through the writers of the rooms
only. Who may see or decide a case is answered by gate.people.reviewing and the services; nothing here knows a
rule of its own.
"""
