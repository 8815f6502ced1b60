"""The OpenID Connect provider: allauth's, with the rules that this product adds to it.

allauth has no setting for its request validator, so `ApiConfig.ready` puts `server.get_server` in the place
of the function that its views call (docs/adr/0018-stricter-openid-connect.md).
"""
