# The production profile as an image: granian, no root, no build tools.
#     docker build --tag xinglin .
#     docker run --env-file .env --publish 8000:8000 xinglin
# Commands run in the same image: docker run --env-file .env xinglin python manage.py migrate
ARG PYTHON=3.12

FROM python:${PYTHON}-slim AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
# The locked dependencies in a layer of their own: it changes only with the lock file.
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
# Static files are the same in every profile, and the embedded one starts without secrets.
RUN XINGLIN_VAR=/tmp/var XINGLIN_STATIC_ROOT=/static DJANGO_SETTINGS_MODULE=config.settings.local \
    python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/var \
    && python -m compileall -q config frontend_templates api search gate exchange cms

FROM python:${PYTHON}-slim
RUN groupadd --system --gid 10001 xinglin \
    && useradd --system --uid 10001 --gid xinglin --home-dir /var/xinglin --create-home xinglin
COPY --from=build /venv /venv
COPY --from=build /app /app
# Not under /var/xinglin: a volume there would keep the files of an older image.
COPY --from=build /static /static
WORKDIR /app
USER xinglin
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    XINGLIN_VAR=/var/xinglin \
    XINGLIN_STATIC_ROOT=/static \
    LISTEN=0.0.0.0 \
    PORT=8000 \
    XINGLIN_WEB_WORKERS=2
VOLUME /var/xinglin
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["bin/web"]
