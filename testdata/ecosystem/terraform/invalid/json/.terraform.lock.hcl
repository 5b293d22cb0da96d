{"provider": {}}
