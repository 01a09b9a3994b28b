# The marketplace's service. Its ledger is /data/onramp.db: give /data a volume that survives the container.
#
#   docker build -t onramp-marketplace .
#   docker run -d --name onramp --stop-timeout 30 --ulimit core=0 -p 127.0.0.1:4747:4747 -v onramp:/data -e ONRAMP_TRUSTED_PROXIES=1 -e ONRAMP_BASE_URL=https://market.example onramp-marketplace
#   docker logs onramp    # has the link that signs in at the console
#   docker exec onramp onramp-marketplace provider add "Acme CRM" --origin https://acme.example
#
# What is in it: /app/sbom.cdx.json, CycloneDX.

# The index of all platforms, of October 2026. A newer one: docker buildx imagetools inspect node:24-slim
ARG NODE_IMAGE=node:24.21.0-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY src/marketplace/package.json src/marketplace/
COPY src/provider/package.json src/provider/
# No package of the service needs a script to install: better-sqlite3 brings its binary along.
RUN npm ci --omit=dev --ignore-scripts --workspace onramp-marketplace
RUN npm sbom --package-lock-only --workspace onramp-marketplace --sbom-format cyclonedx > sbom.cdx.json

FROM ${NODE_IMAGE}
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4747 DATABASE_URL=/data/onramp.db ONRAMP_SPOOL=/data/spool
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/sbom.cdx.json ./
COPY src/wire src/wire
COPY src/provider src/provider
COPY src/marketplace src/marketplace
COPY dist/onramp.js dist/onramp_debug.js dist/
RUN ln -s /app/src/marketplace/bin/onramp-marketplace.js /usr/local/bin/onramp-marketplace \
  && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4747
# Alive, not ready: a full disk is no reason to start the service again.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# By itself, without npm or a shell between, so that SIGTERM reaches it.
CMD ["node", "src/marketplace/bin/onramp-marketplace.js", "serve"]
