package dev.jbuild.cli.attest;

import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.exporter.sbom.CycloneDxDocument;
import dev.jbuild.exporter.sbom.Inventory;
import dev.jbuild.exporter.sbom.SpdxDocument;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.Build;
import dev.jbuild.solver.SolvedImage;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.plan.PlanRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lists the packages of one image, and of the stages and the context that the Dockerfile wants looked into too.
final class SbomScan {
    /// What the image itself is called.
    private static final String MAIN = "sbom";

    private final AttestOptions.Sbom sbom;
    private final BuildFacts facts;
    private final Build build;

    SbomScan(AttestOptions.Sbom sbom, BuildFacts facts, Build build) {
        this.sbom = sbom;
        this.facts = facts;
        this.build = build;
    }

    List<Predicate> of(SolvedImage image) throws IOException, InterruptedException {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            Map<String, Path> targets = new LinkedHashMap<>();
            MountedView main = image.rootfs();
            open.add(main);
            targets.put(MAIN, main.path());
            ScanTargets wanted = ScanTargets.of(facts.plan(), ProvenanceReader.stages(build, image));
            for (String stage : wanted.stages()) {
                targets.put(MAIN + "-" + stage, other(facts.plan().dockerfile(), stage, image, open));
            }
            if (wanted.context()) {
                Dockerfile copy =
                        DockerfileParser.parse(new Source("sbom", "# check=skip=all\nFROM scratch\nCOPY . /\n"), null);
                targets.put(MAIN + "-" + PlanRequest.MAIN_CONTEXT, other(copy, null, image, open));
            }
            return sbom.isBuiltIn()
                    ? builtIn(targets)
                    : new ScannerImage(sbom.generator(), facts).scan(targets, image.platform());
        } finally {
            for (AutoCloseable each : open.reversed()) {
                close(each);
            }
        }
    }

    // The stages of the main build are results by now, so nothing of them runs again.
    private Path other(Dockerfile dockerfile, @Nullable String stage, SolvedImage image, List<AutoCloseable> open)
            throws IOException, InterruptedException {
        Build other = facts.runner().run(facts.plan().with(dockerfile, stage, image.platform(), Map.of()), Map.of());
        open.add(other);
        MountedView view = other.images().getFirst().rootfs();
        open.add(view);
        return view.path();
    }

    private static void close(AutoCloseable each) throws IOException {
        try {
            each.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private List<Predicate> builtIn(Map<String, Path> targets) throws IOException {
        Steps.Step step = build.step("generating sbom");
        List<Predicate> found = new ArrayList<>();
        try {
            Instant epoch = facts.epoch();
            Instant created = epoch == null ? Instant.EPOCH : epoch;
            for (Map.Entry<String, Path> target : targets.entrySet()) {
                Inventory inventory = Inventory.of(target.getValue());
                inventory.warnings().forEach(step::warn);
                step.status(target.getKey() + ": " + inventory.packages().size() + " packages");
                found.add(
                        switch (sbom.format()) {
                            case SPDX -> SpdxDocument.of(inventory, target.getKey(), created, facts.tool());
                            case CYCLONEDX -> CycloneDxDocument.of(inventory, target.getKey(), created, facts.tool());
                        });
            }
            step.completed();
            return found;
        } catch (IOException | RuntimeException e) {
            step.failed(String.valueOf(e.getMessage()), false);
            throw e;
        }
    }
}
