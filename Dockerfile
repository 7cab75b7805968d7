# syntax=docker/dockerfile:1.7
# Builds poq-node, poq and ocw-scorer, and puts them with the judge's model into a small image whose user has no rights.
#
#   docker build --tag proof-of-quality:0.1.0 --build-arg COMMIT="$(git rev-parse --short=11 HEAD)" .
#
# Needs BuildKit, which is what Docker builds with since version 23. How to run it: docker-compose.yml, docs/operations.md.

FROM rust:1.95.0-bookworm AS build
WORKDIR /src
# What building needs, as on any other machine. First and alone, so that a change of the code does not repeat it.
COPY rust-toolchain.toml ./
COPY scripts/common.sh scripts/setup.sh scripts/
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean && scripts/setup.sh build
COPY . .
# What `poq-node --version` says: .dockerignore leaves git's folder out.
ARG COMMIT=00000000000
# The build that the tests run, in the same selection of packages: another one would have other features.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    SUBSTRATE_CLI_GIT_COMMIT_HASH="$COMMIT" scripts/build.sh \
    && install --strip -D --target-directory=/out target/release/poq-node target/release/poq target/release/ocw-scorer

# The Debian that the programs were linked on.
FROM debian:12.13-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 poq \
    && useradd --uid 10001 --gid poq --home-dir /data --no-create-home --shell /usr/sbin/nologin poq \
    && install --directory --owner=poq --group=poq --mode=0700 /data
COPY --from=build /out/ /usr/local/bin/
COPY packaging/health /usr/local/bin/poq-health
# The node and the scorer look for models/mpnet-judge in the folder that they are started in.
COPY models/mpnet-judge /opt/proof-of-quality/models/mpnet-judge
COPY LICENSE /opt/proof-of-quality/
WORKDIR /opt/proof-of-quality
USER 10001:10001
# Other nodes, RPC, the node's metrics, the scorer.
EXPOSE 30333 9944 9615 9955
# For a node. A container with the scorer checks `poq-health 9955`; `poq` has no port.
HEALTHCHECK --interval=15s --timeout=5s --start-period=2m --retries=3 CMD ["poq-health"]
CMD ["poq-node", "--help"]
