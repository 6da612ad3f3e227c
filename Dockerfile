# simcap in a container, for those who have Docker: `docker build --tag simcap .`, then
# `docker run --rm --user "$(id -u)" --volume "$PWD:/work" simcap run shop.toml`.
# `.ci/release` makes the image of a release without Docker, the same bytes each time.
FROM rust:1.95-alpine AS build
WORKDIR /simcap
COPY . .
RUN cargo build --profile dist --locked --bin simcap

FROM scratch
COPY --from=build /simcap/target/dist/simcap /bin/simcap
COPY LICENSE-MIT LICENSE-APACHE /licences/
WORKDIR /work
USER 65534:65534
ENTRYPOINT ["/bin/simcap"]
CMD ["--help"]
