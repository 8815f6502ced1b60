"""Who may read: facts, the pure policy, and what a request asks of them."""
