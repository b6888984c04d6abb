# shellcheck shell=sh disable=SC2154 # the script that reads this sets $testdata
# The builds that `run` measures, made afresh each time: context_NAME FOLDER makes the context of one.

# The base image and one step, so that all that is done once for a base has been done.
context_base() {
  mkdir "$1"
  printf 'FROM busybox\nRUN true\n' > "$1/Dockerfile"
}

# Thirty steps that do next to nothing: what a step costs.
context_steps() {
  mkdir "$1"
  {
    echo 'FROM busybox'
    for i in $(seq 30); do echo "RUN echo $i > /step"; done
  } > "$1/Dockerfile"
}

# Sixteen stages that wait for a second each: what can run at the same time does.
context_stages() {
  mkdir "$1"
  {
    for i in $(seq 16); do printf 'FROM busybox AS stage%s\nRUN sleep 1 && echo %s > /out\n' "$i" "$i"; done
    echo 'FROM busybox'
    for i in $(seq 16); do echo "COPY --from=stage$i /out /out$i"; done
  } > "$1/Dockerfile"
}

# The Go project of the cases with four stages, all of which both builders understand, in a Dockerfile beside it.
context_go() {
  cp -R "$testdata/cases/buildme" "$1"
  rm "$1/Dockerfile"
  cat > "$1.Dockerfile" << 'DOCKERFILE'
FROM golang:1.21-alpine AS base
WORKDIR /src
COPY go.mod .
RUN go mod download -x

FROM base AS build-client
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build go build -o /bin/client ./cmd/client

FROM base AS build-server
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build go build -o /bin/server ./cmd/server

FROM scratch
COPY --from=build-client /bin/client /bin/
COPY --from=build-server /bin/server /bin/
DOCKERFILE
}

# 20,000 files of about 2 KB in 200 directories, no two alike.
context_files() {
  mkdir -p "$1/files"
  for i in $(seq 200); do
    mkdir "$1/files/$i"
    seq $((i * 40000 + 1000000)) $((i * 40000 + 1024999)) | split -l 250 -a 2 - "$1/files/$i/f"
  done
  printf 'FROM busybox\nCOPY files /files\nRUN ls /files | wc -l > /count\n' > "$1/Dockerfile"
}
