"""Corrections of moto's other services, where caches touch them and moto is not as AWS is. One module a service."""
