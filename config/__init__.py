"""The composition root: settings, URLs, servers. Imports every other package; nothing imports it."""
