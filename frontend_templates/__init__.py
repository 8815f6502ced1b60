"""The reference reader site, rendered from the API's own JSON. May import api, search, gate, cms."""
