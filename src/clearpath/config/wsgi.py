"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clearpath.config.settings")
application = get_wsgi_application()

# What is loaded by now stays: looked through again and again, it would make pages wait.
gc.collect()
gc.freeze()
