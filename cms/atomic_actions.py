def make_page_actions_atomic():
    pass
