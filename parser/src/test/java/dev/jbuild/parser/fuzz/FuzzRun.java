package dev.jbuild.parser.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs Jazzer on one target, in a JVM of its own: for `jbuild.fuzz.seconds`, 20 if unset, from `jbuild.fuzz.seed`, 1
/// if unset and another each time if 0. What it found out to be interesting stays in `target/fuzz/TARGET/corpus`, where
/// the next run begins; an input that fails stays beside it.
public final class FuzzRun {
    private static final int SECONDS = Integer.getInteger("jbuild.fuzz.seconds", 20);
    private static final int SEED = Integer.getInteger("jbuild.fuzz.seed", 1);
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs? in (\\d+) second.*");
    private static final int TAIL = 60;

    private FuzzRun() {}

    /// Runs the target.
    ///
    /// @param target a class with a method `fuzzerTestOneInput(byte[])`
    /// @param seeds inputs to begin with
    /// @param dictionary what is worth inserting
    /// @return the number of inputs that were tried, and in how much time, for people
    /// @throws AssertionError if an input fails, with the end of what Jazzer says
    public static String of(Class<?> target, Collection<String> seeds, List<String> dictionary)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "fuzz", target.getSimpleName()));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path seedFolder = Files.createDirectories(folder.resolve("seeds"));
        int number = 0;
        for (String seed : seeds) {
            Files.writeString(seedFolder.resolve(String.valueOf(number++)), seed);
        }
        Path words = dictionary(folder.resolve("dictionary"), dictionary);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.jbuild.**",
                "--instrumentation_excludes=dev.jbuild.parser.fuzz.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-dict=" + words,
                "-max_total_time=" + SECONDS,
                "-timeout=300",
                "-rss_limit_mb=0",
                "-max_len=8192",
                "-seed=" + SEED,
                corpus.toString(),
                seedFolder.toString()));
        return target.getSimpleName() + ": " + run(command, folder.resolve("log"));
    }

    private static String run(List<String> command, Path log) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Deque<String> tail = new ArrayDeque<>();
        String done = null;
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                Writer all = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                all.append(line).append('\n').flush();
                tail.add(line);
                if (tail.size() > TAIL) {
                    tail.remove();
                }
                Matcher matcher = DONE.matcher(line);
                if (matcher.matches()) {
                    done = matcher.group(1) + " runs in " + matcher.group(2) + " s";
                }
            }
        }
        int status = process.waitFor();
        if (status != 0 || done == null) {
            throw new AssertionError("Jazzer ended with " + status + ":\n" + String.join("\n", tail));
        }
        return done;
    }

    private static Path dictionary(Path file, List<String> words) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String word : words) {
            StringBuilder line = new StringBuilder("\"");
            for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
                line.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
            lines.add(line.append('"').toString());
        }
        return Files.write(file, lines);
    }
}
