"""What the web server loads."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

if multiprocessing.parent_process():
    # A worker forked by granian has its parent's handlers until it serves: they would note in a copy of the parent that
    # it is time to stop, and the worker would load on and be waited for until it is killed.
    for _stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(_stop, signal.SIG_DFL)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palauteketju.project.settings")
application = get_wsgi_application()
# Load every view now: a mistake stops the start instead of the first customer, who need not wait for it either.
get_resolver().url_patterns  # noqa: B018 - reading the property loads the views
