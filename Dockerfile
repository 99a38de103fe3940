# The whole of Sovpalo as one small image: the UI is built first, then embedded in the binary.
# Images are named by version; `cargo xtask pin` adds their digests.
FROM node:22.16.0-bookworm-slim AS ui-tools

FROM rust:1.90.0-bookworm AS build
COPY --from=ui-tools /usr/local /usr/local
WORKDIR /src
COPY . .
RUN cargo xtask types \
 && npm run build --prefix miniapp-ui \
 && cargo build --release --locked --package sovpalo

FROM debian:12.11-slim
# The user has a number of its own, the one that older images gave it: volumes stay readable, and `runAsNonRoot` can be checked.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 999 sovpalo \
 && useradd --system --uid 999 --gid 999 --no-create-home --home-dir /data --shell /usr/sbin/nologin sovpalo \
 && install --directory --mode 0700 --owner 999 --group 999 /data
COPY --from=build /src/target/release/sovpalo /usr/local/bin/sovpalo
USER 999:999
# Metrics are for whoever is inside the container, unless METRICS_LISTEN says otherwise: what is in front of it has no use for them.
ENV LISTEN=0.0.0.0:8080 METRICS_LISTEN=127.0.0.1:9090 DATA_DIR=/data LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=70s --retries=3 CMD ["sovpalo", "health"]
ENTRYPOINT ["sovpalo"]
