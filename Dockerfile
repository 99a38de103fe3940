# The whole of Sovpalo as one small image: the UI is built first, then embedded in the binary.
FROM node:22-bookworm-slim AS ui-tools

FROM rust:1-bookworm AS build
COPY --from=ui-tools /usr/local /usr/local
WORKDIR /src
COPY . .
RUN cargo xtask types \
 && npm ci --prefix miniapp-ui \
 && npm run build --prefix miniapp-ui \
 && cargo build --release --locked --package sovpalo

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /data sovpalo
COPY --from=build /src/target/release/sovpalo /usr/local/bin/sovpalo
USER sovpalo
ENV LISTEN=0.0.0.0:8080 METRICS_LISTEN=0.0.0.0:9090 DATA_DIR=/data LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["sovpalo"]
