# kol-trainer: built with its compilers in one stage, run without them in the other.
FROM node:22.20.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
# ONNX Runtime brings 250 MB of libraries for other systems.
RUN npm run build \
  && npm prune --omit=dev \
  && find dist -name '*.map' -delete \
  && other=$(node -p "process.arch === 'x64' ? 'arm64' : 'x64'") \
  && rm -r node_modules/onnxruntime-node/bin/napi-v*/darwin \
    node_modules/onnxruntime-node/bin/napi-v*/win32 \
    node_modules/onnxruntime-node/bin/napi-v*/linux/"$other"

FROM node:22.20.0-bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends make \
  && rm -rf /var/lib/apt/lists/*
# The program lies outside /app, where volumes are mounted: a volume on /app/data would hide the data it ships.
WORKDIR /opt/kol-trainer
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE ./
COPY data ./data
COPY infra/docker/trainer.mk /app/Makefile
# A clone made under a strict umask has files that only their owner may read.
RUN chmod -R a+rX package.json data dist /app/Makefile \
  && chmod 755 dist/cli/main.js \
  && ln -s /opt/kol-trainer/dist/cli/main.js /usr/local/bin/kol \
  && mkdir /app/models /app/batch /app/data /app/metrics \
  && chown node:node /app/models /app/batch /app/data /app/metrics
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 KOL_STORE=/app/models/kol KOL_LAKEHOUSE=/app/data/lakehouse
USER 1000
WORKDIR /app
VOLUME ["/app/models", "/app/batch", "/app/data", "/app/metrics"]
CMD ["sleep", "infinity"]
