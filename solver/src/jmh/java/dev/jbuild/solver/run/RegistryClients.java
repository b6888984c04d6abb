package dev.jbuild.solver.run;

import dev.jbuild.layerstore.fake.FaultProxy;
import dev.jbuild.layerstore.fake.FaultProxy.Trouble;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.Credentials;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import land.oras.ContainerRef;
import land.oras.Registry;

/// jbuild's registry client beside ORAS's Java SDK: one blob that does not compress, to and from Debian's
/// docker-registry on loopback, each time in a JVM of its own; and what each does when something goes wrong.
public final class RegistryClients {
    private static final String TYPE = "application/octet-stream";
    private static final int ROUNDS = 5;
    private static final int PIECE = 1 << 20;

    private RegistryClients() {}

    private record Result(long millis, long kibibytes, String end) {}

    private record Case(String what, String operation, Map<String, List<Trouble>> troubles) {}

    /// Prints tables in Markdown.
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            child(args[0], args[1], args[2], Path.of(args[3]), args[4]);
            return;
        }
        int mebibytes = Integer.getInteger("bench.mebibytes", 256);
        Path folder = Files.createTempDirectory("registry-clients");
        Process registry = null;
        try {
            Path blob = folder.resolve("blob");
            String digest = blob(blob, mebibytes);
            int port = freePort();
            registry = registry(folder, port);
            try (FaultProxy proxy = FaultProxy.before(port)) {
                run("jbuild", "push", "127.0.0.1:" + port + "/base", blob, digest, "256m");
                compare("127.0.0.1:" + port, blob, digest, mebibytes);
                faults(proxy, "127.0.0.1:" + port, blob, digest);
            }
        } finally {
            if (registry != null) {
                registry.destroy();
                registry.onExit().join();
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void compare(String host, Path blob, String digest, int mebibytes) throws Exception {
        System.out.println("\n| " + mebibytes + " MiB, median of " + ROUNDS + " | jbuild | ORAS |\n| --- | ---: | ---: |");
        for (String operation : List.of("pull", "push")) {
            List<Result> ours = new ArrayList<>();
            List<Result> theirs = new ArrayList<>();
            // By turns, so that what else the machine does meets both.
            for (int i = 0; i < ROUNDS; i++) {
                ours.add(run("jbuild", operation, host + "/" + place(operation, "j" + i), blob, digest, "256m"));
                theirs.add(run("oras", operation, host + "/" + place(operation, "o" + i), blob, digest, "256m"));
            }
            System.out.printf(
                    "| %s, time | %.2f s | %.2f s |%n| %s, most memory | %d MB | %d MB |%n",
                    operation,
                    seconds(ours),
                    seconds(theirs),
                    operation,
                    megabytes(ours),
                    megabytes(theirs));
            Result little = run("jbuild", operation, host + "/" + place(operation, "jl"), blob, digest, "64m");
            Result less = run("oras", operation, host + "/" + place(operation, "ol"), blob, digest, "64m");
            System.out.printf(
                    "| %s with -Xmx64m, most memory | %d MB | %d MB |%n",
                    operation, megabytes(List.of(little)), megabytes(List.of(less)));
            if (operation.equals("push")) {
                for (String name : List.of("j0", "j4", "jl", "o0", "o4", "ol")) {
                    if (!stored(host, host + "/" + name, digest)) {
                        System.out.println("not there after a push: " + name);
                    }
                }
            }
            Stream.of(ours, theirs, List.of(little, less))
                    .flatMap(List::stream)
                    .filter(result -> !result.end.equals("intact"))
                    .forEach(result -> System.out.println("not counted on: " + result));
        }
    }

    private static String place(String operation, String name) {
        return operation.equals("pull") ? "base" : name;
    }

    // Whether the registry itself has the blob in the repository of this name.
    private static boolean stored(String registry, String name, String digest) throws IOException {
        String repository = name.substring(name.indexOf('/') + 1);
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + registry + "/v2/" + repository + "/blobs/" + digest).toURL().openConnection();
        connection.setRequestMethod("HEAD");
        return connection.getResponseCode() == 200;
    }

    private static double seconds(List<Result> results) {
        return results.stream().mapToLong(Result::millis).sorted().toArray()[results.size() / 2] / 1000.0;
    }

    private static long megabytes(List<Result> results) {
        return results.stream().mapToLong(Result::kibibytes).max().orElse(0) * 1024 / 1_000_000;
    }

    private static void faults(FaultProxy proxy, String registry, Path blob, String digest) throws Exception {
        long half = Files.size(blob) / 2;
        List<Case> cases = List.of(
                // If these do not end well, the rest says nothing. ORAS's push does not, though it works without the
                // proxy: it is not known why, and what goes wrong with it there is not held against it.
                new Case("pull: nothing", "pull", both("GET")),
                new Case("push: nothing", "push", OURS),
                new Case("pull: a reset half-way", "pull", both("GET", new Trouble.ResetAnswer(half))),
                new Case("pull: 503 twice", "pull", both("GET", BUSY, BUSY)),
                new Case("pull: 429, Retry-After: 1", "pull", both("GET", LATER)),
                new Case("pull: it ends half-way", "pull", both("GET", new Trouble.Truncate(half))),
                new Case("pull: one wrong bit", "pull", both("GET", new Trouble.FlipAnswer())),
                new Case(
                        "push: a reset on the way",
                        "push",
                        Map.of("jbuild PATCH", List.of(new Trouble.ResetRequest(PIECE)))),
                new Case("push: 503 twice", "push", both("POST", BUSY, BUSY)),
                new Case(
                        "push: one wrong bit",
                        "push",
                        Map.of("jbuild PATCH", List.of(new Trouble.FlipRequest()))));
        System.out.println("\n| what goes wrong | jbuild | ORAS |\n| --- | --- | --- |");
        int pushed = 0;
        for (Case each : cases) {
            StringBuilder row = new StringBuilder("| " + each.what);
            for (String client : List.of("jbuild", "oras")) {
                proxy.reset();
                if (each.troubles.keySet().stream().noneMatch(key -> key.startsWith(client + " "))) {
                    row.append(" | not measured");
                    continue;
                }
                each.troubles.forEach((key, troubles) -> {
                    if (key.startsWith(client + " ")) {
                        String path = each.operation.equals("pull") ? "/blobs/" : "/blobs/uploads/";
                        proxy.plan(key.substring(client.length() + 1), path, troubles.toArray(Trouble[]::new));
                    }
                });
                String name = proxy.host() + "/" + place(each.operation, "faulty" + pushed++);
                Result result = run(client, each.operation, name, blob, digest, "256m");
                String end = each.operation.equals("push") && result.end.equals("intact") && !stored(registry, name, digest)
                        ? "**nothing is there, and no error**"
                        : result.end;
                String unmet = proxy.planned() == 0 ? "" : " (not all of it was met)";
                row.append(" | ").append(end).append(unmet).append(", ");
                row.append(proxy.requests().size()).append(" requests");
            }
            System.out.println(row + " |");
        }
    }

    private static final Map<String, List<Trouble>> OURS = Map.of("jbuild PATCH", List.of());
    private static final Trouble BUSY = new Trouble.Refuse(503, Map.of());
    private static final Trouble LATER = new Trouble.Refuse(429, Map.of("Retry-After", "1"));

    private static Map<String, List<Trouble>> both(String method, Trouble... troubles) {
        return Map.of("jbuild " + method, List.of(troubles), "oras " + method, List.of(troubles));
    }

    private static Result run(
            String client, String operation, String name, Path blob, String digest, String heap)
            throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RegistryClients.class.getName(),
                client,
                operation,
                name,
                blob.toString(),
                digest);
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        String last = said.lines().filter(line -> line.startsWith("RESULT ")).findFirst().orElse("RESULT 0 it died");
        String[] words = last.split(" ", 3);
        return new Result(millis, Long.parseLong(words[1]), words[2]);
    }

    // One client, one operation. The end tells whether what came, or what was put there, is the blob.
    private static void child(String client, String operation, String name, Path blob, String digest)
            throws IOException {
        String end;
        try {
            end = switch (client + " " + operation) {
                case "jbuild pull" -> jbuildPulls(name, blob, digest);
                case "jbuild push" -> jbuildPushes(name, blob, digest);
                case "oras pull" -> orasPulls(name, blob, digest);
                case "oras push" -> orasPushes(name, blob, digest);
                default -> throw new IllegalArgumentException(client + " " + operation);
            };
        } catch (IOException | RuntimeException e) {
            StringBuilder all = new StringBuilder(String.valueOf(e.getMessage()));
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                all.append("; ").append(cause);
            }
            String message = all.toString().replaceAll("[\\s|]+", " ").replaceAll("(sha256:.{8})[0-9a-f]*", "$1…");
            end = "error: " + message.substring(0, Math.min(message.length(), 240));
        }
        long most = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
        System.out.println("RESULT " + most + " " + end);
        System.out.flush();
        System.exit(0);
    }

    private static String jbuildPulls(String name, Path blob, String digest) throws IOException {
        Path target = blob.resolveSibling("pulled");
        Descriptor wanted = new Descriptor(TYPE, Digest.parse(digest), Files.size(blob));
        try (RegistryClient client = new RegistryClient(RegistryConfig.EMPTY, Credentials.none());
                InputStream in = client.openBlob(ImageReference.parse(name), wanted);
                OutputStream out = Files.newOutputStream(target)) {
            in.transferTo(out);
        }
        return judged(target, digest);
    }

    private static String jbuildPushes(String name, Path blob, String digest) throws IOException {
        Descriptor wanted = new Descriptor(TYPE, Digest.parse(digest), Files.size(blob));
        try (RegistryClient client = new RegistryClient(RegistryConfig.EMPTY, Credentials.none())) {
            client.pushBlob(ImageReference.parse(name), wanted, () -> Files.newInputStream(blob));
        }
        return "intact";
    }

    private static Registry oras() {
        return Registry.builder().insecure().build();
    }

    private static String orasPulls(String name, Path blob, String digest) throws IOException {
        Path target = blob.resolveSibling("pulled");
        oras().fetchBlob(ContainerRef.parse(name + "@" + digest), target);
        return judged(target, digest);
    }

    private static String orasPushes(String name, Path blob, String digest) {
        oras().pushBlob(ContainerRef.parse(name + "@" + digest), blob, Map.of());
        return "intact";
    }

    // Not timed apart: both clients pay for it.
    private static String judged(Path file, String digest) throws IOException {
        boolean same = digest(file).equals(digest);
        Files.delete(file);
        return same ? "intact" : "**wrong content, taken for right**";
    }

    private static String digest(Path file) throws IOException {
        MessageDigest hash = Digest.newSha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hash.update(buffer, 0, read);
            }
        }
        return "sha256:" + HexFormat.of().formatHex(hash.digest());
    }

    private static String blob(Path file, int mebibytes) throws IOException {
        Random random = new Random(1);
        byte[] buffer = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(buffer);
                out.write(buffer);
            }
        }
        return digest(file);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Process registry(Path folder, int port) throws IOException {
        Path config = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                log: {level: info, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(folder.resolve("storage"), port));
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = process.inputReader();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains("listening on")) {
                Thread.ofVirtual().start(() -> log.lines().forEach(unread -> {}));
                return process;
            }
        }
        throw new IOException("docker-registry ended");
    }
}
