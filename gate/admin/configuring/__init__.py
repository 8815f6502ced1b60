"""The admin screens in which staff set up gates: texts, questions, steps, grants. Wagtail's own components.

Forms write drafts and steps themselves; whatever must not drift (publishing, grants) goes through the
services.
"""
