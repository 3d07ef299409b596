"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palauteketju.project.settings")
application = get_wsgi_application()
# Load every view now: a mistake stops the start instead of the first customer, who need not wait for it either.
get_resolver().url_patterns  # noqa: B018 - reading the property loads the views
