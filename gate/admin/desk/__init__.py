"""The review desk: the admin screens in which cases are decided.

Views read through gate.people.reviewing and gate.admin.desk.cases and write through the services of the
packages only. Who may see or decide a case is answered by gate.people.reviewing and the services; no rule is
defined here.
"""
