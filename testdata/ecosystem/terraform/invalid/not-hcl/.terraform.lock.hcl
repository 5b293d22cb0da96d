not a lockfile
