"""The OpenID Connect provider: allauth's, with the rules that this product adds to it.

allauth has no setting for its request validator, so `ApiConfig.ready` replaces the function that its views
call by `server.get_server` (docs/adr/0018-stricter-openid-connect.md).
"""
