package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Base images that exist in name only: one layer each, for every platform, with the configuration that was given.
final class FakeImages implements ImageResolver {
    private final Map<String, ContainerConfig> configs = new HashMap<>();

    /// What was asked for, in no particular order.
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    FakeImages with(String name, ContainerConfig config) {
        configs.put(name, config);
        return this;
    }

    /// `base`, a usual image, and `triggers`, with ONBUILD instructions.
    static FakeImages usual() {
        ContainerConfig base = ContainerConfig.EMPTY.toBuilder()
                .env(List.of("PATH=/usr/bin:/bin", "FROM_BASE=yes"))
                .cmd(List.of("/bin/sh"))
                .workingDir("/base")
                .build();
        ContainerConfig triggers = base.toBuilder()
                .onBuild(List.of("COPY . /src", "RUN make -C /src"))
                .build();
        return new FakeImages()
                .with("base", base)
                .with("triggers", triggers)
                .with("trigger-from", onBuild(base, "COPY --from=files /x /y", "RUN <<EOF\necho from a trigger\nEOF"))
                .with("arm-only", base)
                .with("trigger-unknown", onBuild(base, "RUN true", "RUNN make"))
                .with("trigger-unset", onBuild(base, "ENV A=\"${MUST:?pass MUST}\""))
                .with("trigger-fetch", onBuild(base, "ADD https://nothere.example/x /x"))
                .with("trigger-signal", onBuild(base, "STOPSIGNAL SIGTEM"));
    }

    private static ContainerConfig onBuild(ContainerConfig base, String... triggers) {
        return base.toBuilder().onBuild(List.of(triggers)).build();
    }

    @Override
    public ResolvedImage resolve(ImageReference reference, Platform platform) throws IOException {
        return image(reference.familiar(), platform);
    }

    @Override
    public ResolvedImage resolve(Path layout, String reference, Platform platform) throws IOException {
        return image(layout.toString(), platform);
    }

    private ResolvedImage image(String familiar, Platform platform) throws IOException {
        String name = familiar.replaceFirst("@sha256:.*|:latest$", "");
        asked.add(name + " " + platform);
        if (name.startsWith("unreachable")) {
            throw new IOException("GET https://registry.example.com/v2/" + name + "/manifests/latest: no answer");
        }
        ContainerConfig config = configs.get(name);
        if (config == null) {
            throw new ImageNotFoundException(name + ": there is no such image");
        }
        Digest digest = Digest.of((name + platform).getBytes(StandardCharsets.UTF_8));
        Descriptor blob = new Descriptor(MediaType.OCI_CONFIG, digest, 1);
        // An image that is no index has one platform, whatever was asked for.
        Platform own = name.equals("arm-only") ? Platform.parse("linux/arm64") : platform;
        return new ResolvedImage(
                digest,
                new ImageManifest(MediaType.OCI_MANIFEST, blob, List.of(blob)),
                ImageConfig.empty(own).withConfig(config).withDiffIds(List.of(new DiffId(digest))));
    }
}
