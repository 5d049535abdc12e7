# The gateway for production. No build step: Node 24 runs the TypeScript sources.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json schema.graphql ./
# Without the emulator (.dockerignore): it is loaded outside production only.
COPY src src
# The user "node" of the image, as a number: Kubernetes' runAsNonRoot cannot check a name.
USER 1000:1000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: it must get SIGTERM, and once.
CMD ["node", "src/main.ts"]
