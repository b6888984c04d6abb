# One stage: the image keeps the compiler that made the program.
FROM golang:1.21-alpine
WORKDIR /code
COPY go.mod .
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /hello main.go
ENTRYPOINT ["/hello"]
