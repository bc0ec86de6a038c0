# kol-api: the champions over HTTP.
FROM python:3.11.13-slim-bookworm
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
COPY --chmod=644 infra/api/requirements.txt /opt/kol-api/
RUN pip install --requirement /opt/kol-api/requirements.txt
COPY infra/api/kol_api /opt/kol-api/kol_api
# A clone made under a strict umask has files that only their owner may read.
RUN chmod -R a+rX /opt/kol-api/kol_api \
  && useradd --system --uid 10002 kol-api \
  && install -d -o kol-api /var/lib/kol-api
ENV KOL_API_HOST=0.0.0.0 KOL_API_STATE=/var/lib/kol-api ORT_DISABLE_TELEMETRY=1
USER 10002
WORKDIR /opt/kol-api
VOLUME /var/lib/kol-api
EXPOSE 8000
CMD ["python", "-m", "kol_api"]
