"""What a person gets of what is held about them: document (data), archive (ZIP with the files), accesses."""
