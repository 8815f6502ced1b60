"""Settings by profile: `local` (embedded, the default), `production`, `test`; all stand on `base`."""
