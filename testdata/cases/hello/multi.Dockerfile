# Two stages: the image gets the program alone. (The lower-case "as" is meant: many Dockerfiles have it.)
FROM golang:1.21-alpine as compile
WORKDIR /code
COPY go.mod .
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /hello main.go

FROM alpine:3
# A source without a leading slash still starts at the stage's root, whatever its WORKDIR.
COPY --from=compile hello /bin/hello
ENTRYPOINT ["/bin/hello"]
