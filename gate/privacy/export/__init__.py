"""The export of a user's data: document (data), archive (ZIP with the files), accesses."""
