package dev.jbuild.cli.explore;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.layerstore.fake.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Chromium without a window, driven over its DevTools protocol: one request at a time, as much as tests
/// of a page need.
final class Browser implements AutoCloseable {
    private static final int PATIENCE = 60;
    private static final Pattern ADDRESS = Pattern.compile("DevTools listening on ws://([0-9.:]+)/");

    private final Process process;
    private final HttpClient http;
    private final WebSocket socket;
    private final BlockingQueue<String> messages;
    private final List<JsonNode> events = new ArrayList<>();
    private int last;

    private Browser(Process process, HttpClient http, WebSocket socket, BlockingQueue<String> messages) {
        this.process = process;
        this.http = http;
        this.socket = socket;
        this.messages = messages;
    }

    /// Starts one; the test is skipped where there is none.
    ///
    /// @param profile an empty directory
    static Browser start(Path profile) throws Exception {
        assumeTrue(Shell.has("chromium"), "chromium is not here: run testdata/prepare");
        Process process = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        HttpClient http = HttpClient.newHttpClient();
        try {
            String address = address(process);
            String pages = http.send(
                            HttpRequest.newBuilder(URI.create("http://" + address + "/json"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            String page = "";
            for (JsonNode each : new JsonMapper().readTree(pages)) {
                if (each.path("type").asText().equals("page")) {
                    page = each.path("webSocketDebuggerUrl").asText();
                }
            }
            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create(page), new Receiver(messages))
                    .get(PATIENCE, TimeUnit.SECONDS);
            return new Browser(process, http, socket, messages);
        } catch (Exception e) {
            end(process);
            http.close();
            throw e;
        }
    }

    private static String address(Process process) throws IOException {
        BufferedReader said = process.errorReader(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                // What it says later is nobody's concern, but it must not block.
                Thread.ofVirtual().start(() -> said.lines().forEach(ignored -> {}));
                return address.group(1);
            }
            lines.add(line);
        }
        throw new IOException("chromium did not start: " + String.join("\n", lines));
    }

    private static final class Receiver implements WebSocket.Listener {
        private final BlockingQueue<String> messages;
        private final StringBuilder message = new StringBuilder();

        Receiver(BlockingQueue<String> messages) {
            this.messages = messages;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean whole) {
            message.append(text);
            if (whole) {
                messages.add(message.toString());
                message.setLength(0);
            }
            return WebSocket.Listener.super.onText(from, text, whole);
        }
    }

    /// One request, and its result. What comes in meanwhile is kept for [#events(String)].
    JsonNode send(String method, ObjectNode parameters) throws Exception {
        int id = ++last;
        ObjectNode request = new JsonMapper().createObjectNode().put("id", id).put("method", method);
        request.set("params", parameters);
        socket.sendText(request.toString(), true).get(PATIENCE, TimeUnit.SECONDS);
        while (true) {
            String text = messages.poll(PATIENCE, TimeUnit.SECONDS);
            if (text == null) {
                throw new IOException("no answer to " + request);
            }
            JsonNode message = new JsonMapper().readTree(text);
            if (message.path("id").asInt() != id) {
                events.add(message);
            } else if (message.has("error")) {
                throw new IOException(request + ": " + message.path("error"));
            } else {
                return message.path("result");
            }
        }
    }

    private static ObjectNode object() {
        return new JsonMapper().createObjectNode();
    }

    /// Loads a page, with everything it does written down from the beginning.
    void open(Path page, int width, int height) throws Exception {
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", object());
        }
        send(
                "Emulation.setDeviceMetricsOverride",
                object().put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        events.clear();
        send("Page.navigate", object().put("url", page.toUri().toString()));
        evaluate("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))");
    }

    /// The value of an expression, or of its promise, in the page.
    JsonNode evaluate(String expression) throws Exception {
        JsonNode result = send(
                "Runtime.evaluate",
                object().put("expression", expression).put("awaitPromise", true).put("returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    String text(String expression) throws Exception {
        return evaluate(expression).asText();
    }

    /// Presses and releases a key.
    void press(String key) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            send("Input.dispatchKeyEvent", object().put("type", type).put("key", key));
        }
    }

    void dark(boolean dark) throws Exception {
        ObjectNode parameters = object();
        parameters
                .putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        send("Emulation.setEmulatedMedia", parameters);
    }

    /// What a page has told or asked for: events of this name.
    List<JsonNode> events(String method) {
        return events.stream()
                .filter(event -> event.path("method").asText().equals(method))
                .toList();
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        socket.abort();
        end(process);
        http.shutdownNow();
        http.close();
    }
}
