# The gateway for production; with `--target emulator`, the emulator for the tests of client apps.
# The base is the Node that package.json pins, by the digest of its image for all platforms.
ARG NODE=node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY schema.graphql rolldown.config.ts ./
COPY deploy/image deploy/image
COPY src src
RUN npm run build && node deploy/image/open-telemetry.ts dist

FROM ${NODE} AS emulator
LABEL org.opencontainers.image.title="Emulator of Microsoft Entra ID and Microsoft Graph for Remote Help sessions"
LABEL org.opencontainers.image.description="For tests only: it gives a token to whoever asks."
LABEL org.opencontainers.image.licenses="MIT"
ENV EMULATOR_HOST=0.0.0.0 EMULATOR_ENTRA_PORT=4100 EMULATOR_GRAPH_PORT=4200
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/dist/emulator dist/emulator
USER 1000:1000
EXPOSE 4100 4200
CMD ["node", "dist/emulator/main.js"]

FROM ${NODE} AS gateway
LABEL org.opencontainers.image.title="Remote Help GraphQL gateway"
LABEL org.opencontainers.image.description="A GraphQL front door to Microsoft Intune's Remote Help session response in Microsoft Graph."
LABEL org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json /app/schema.graphql ./
COPY --from=build /app/deploy/image/health-check.sh /app/deploy/image/warm-up.sh deploy/image/
# Node writes its compile cache once, below; the folder is the user's for that only.
COPY --from=build --chown=1000:1000 /app/dist/node_modules dist/node_modules
COPY --from=build /app/dist/gateway dist/gateway
# The user "node" of the image, as a number: Kubernetes' runAsNonRoot cannot check a name.
USER 1000:1000
RUN deploy/image/warm-up.sh
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["deploy/image/health-check.sh"]
# Node itself, not npm: it must get SIGTERM, and once.
CMD ["node", "--no-allocation-site-pretenuring", "dist/gateway/main.js"]
