package dev.jbuild.cli.attest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.Build;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.plan.NamedContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An image that lists packages by BuildKit's protocol for scanners. It runs as a build of its own, so that its result
/// is found again as long as nothing that it sees has changed.
final class ScannerImage {
    private static final String DESTINATION = "run/out";
    private static final String ENDING = ".spdx.json";
    private static final int LARGEST = 40 << 20;

    private final String image;
    private final BuildFacts facts;

    ScannerImage(String image, BuildFacts facts) {
        this.image = image;
        this.facts = facts;
        if (!image.matches("[A-Za-z0-9][A-Za-z0-9._/:@-]*")) {
            throw new UsageException("--sbom generator=" + image + ": not the name of an image");
        }
    }

    /// Runs the scanner.
    ///
    /// @param targets root file systems by name, that of the image first
    List<Predicate> scan(Map<String, Path> targets, Platform platform) throws IOException, InterruptedException {
        ContainerConfig config;
        try (Build bare = run("FROM " + image + "\n", Map.of())) {
            config = bare.images().getFirst().config().config();
        }
        Map<String, Path> contexts = new HashMap<>();
        String text = dockerfile(config, targets, contexts);
        try (Build scan = run(text, contexts);
                MountedView view = scan.images().getFirst().rootfs()) {
            return results(view.path());
        }
    }

    // The scanner runs on this machine, whatever the platform of the image.
    private Build run(String text, Map<String, Path> contexts) throws IOException, InterruptedException {
        Dockerfile dockerfile = DockerfileParser.parse(new Source("sbom generator", "# check=skip=all\n" + text), null);
        Map<String, NamedContext> named = new HashMap<>();
        Map<String, Context> files = new HashMap<>();
        contexts.forEach((name, path) -> {
            named.put(name, new NamedContext.Directory(path));
            files.put(name, new Context.Unpacked(path, name));
        });
        return facts.runner().run(facts.plan().with(dockerfile, null, Platform.host(), named), files);
    }

    private String dockerfile(ContainerConfig config, Map<String, Path> targets, Map<String, Path> contexts)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (config.entrypoint() != null) {
            command.addAll(config.entrypoint());
        }
        if (config.cmd() != null) {
            command.addAll(config.cmd());
        }
        if (command.isEmpty()) {
            throw new UsageException("--sbom generator=" + image + ": the image has neither ENTRYPOINT nor CMD to run");
        }
        StringBuilder mounts = new StringBuilder();
        for (Map.Entry<String, Path> target : targets.entrySet()) {
            String context = "jbuild-scan-" + contexts.size();
            String folder = contexts.isEmpty() ? "/run/src/core/" : "/run/src/extras/";
            contexts.put(context, target.getValue());
            mounts.append(" --mount=type=bind,from=")
                    .append(context)
                    .append(",target=")
                    .append(folder)
                    .append(target.getKey());
        }
        String directory = String.valueOf(config.workingDir());
        return "FROM " + image + "\nUSER 0\nWORKDIR /" + DESTINATION + "\nWORKDIR "
                + (directory.matches("/[A-Za-z0-9._/-]*") ? directory : "/")
                + "\nENV BUILDKIT_SCAN_DESTINATION=/" + DESTINATION + " BUILDKIT_SCAN_SOURCE=/run/src/core/"
                + targets.keySet().iterator().next()
                + (targets.size() > 1 ? " BUILDKIT_SCAN_SOURCE_EXTRAS=/run/src/extras" : "")
                + "\nRUN" + mounts + " " + new ObjectMapper().writeValueAsString(command) + "\n";
    }

    private List<Predicate> results(Path rootfs) throws IOException {
        List<Predicate> found = new ArrayList<>();
        try (OpenDirectory root = OpenDirectory.open(rootfs);
                OpenDirectory out = root.resolve(DESTINATION.getBytes(StandardCharsets.US_ASCII))) {
            for (byte[] name : out.names()) {
                String file = new String(name, StandardCharsets.UTF_8);
                Stat stat = out.stat(name);
                if (file.endsWith(ENDING) && !file.startsWith(".") && stat != null && stat.isRegular()) {
                    if (stat.size() > LARGEST) {
                        throw new IOException("the SBOM generator " + image + " wrote " + file + " of " + stat.size()
                                + " bytes; at most " + LARGEST + " can be kept with an image");
                    }
                    found.add(predicate(out, name, file));
                }
            }
        } catch (KernelException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
        if (found.isEmpty()) {
            throw new IOException("the SBOM generator " + image + " wrote no file *" + ENDING
                    + " to $BUILDKIT_SCAN_DESTINATION (/" + DESTINATION + ")");
        }
        return found;
    }

    // An in-toto statement, as BuildKit wants it, or the document alone.
    private Predicate predicate(OpenDirectory out, byte[] name, String file) throws IOException {
        JsonNode tree;
        try (OpenFile opened = out.read(name);
                InputStream content = opened.input()) {
            tree = new ObjectMapper().readTree(content.readNBytes(LARGEST));
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new IOException("the SBOM generator " + image + " wrote " + file + ", which is no JSON", e);
        }
        if (tree.path("predicate").isObject()) {
            String type = tree.path("predicateType").asText();
            if (!type.equals(Predicate.SPDX)) {
                throw new IOException("the SBOM generator " + image + " wrote " + file + " with the predicate type \""
                        + type + "\"; it must be " + Predicate.SPDX);
            }
            tree = tree.path("predicate");
        } else if (!tree.path("spdxVersion").isTextual()) {
            throw new IOException("the SBOM generator " + image + " wrote " + file
                    + ", which is neither an in-toto statement nor an SPDX document");
        }
        return new Predicate(Predicate.SPDX, file, false, tree.toString());
    }
}
