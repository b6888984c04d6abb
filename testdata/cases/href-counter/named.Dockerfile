# The same image, with the earlier stage by its name (and spaces where nobody needs them).
FROM golang:1.21-alpine as builder
WORKDIR /go/src/example.com/href-counter/
COPY app.go    .
RUN GO111MODULE=off CGO_ENABLED=0 GOOS=linux go build -a -installsuffix cgo -o app .

FROM alpine:latest
WORKDIR /root/
COPY --from=builder /go/src/example.com/href-counter/app .
CMD ["./app"]
