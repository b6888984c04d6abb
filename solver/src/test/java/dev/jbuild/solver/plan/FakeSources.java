package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.solver.graph.RemoteAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Files and repositories that exist in name only, on every host but `nothere.example`.
final class FakeSources implements SourceResolver {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /// What was asked for, in no particular order.
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    @Override
    public ResolvedFile file(RemoteAddress url) {
        check(url);
        return new ResolvedFile(
                Digest.of(url.text().getBytes(StandardCharsets.UTF_8)), Instant.parse("2020-01-02T03:04:05Z"));
    }

    @Override
    public ResolvedCommit commit(GitUrl repository) {
        check(repository.remote());
        String ref = repository.ref();
        return ResolvedCommit.isId(ref)
                ? ResolvedCommit.of(ref)
                : new ResolvedCommit(
                        COMMIT, COMMIT, ref.isEmpty() || ref.startsWith("refs/") ? ref : "refs/heads/" + ref);
    }

    private void check(RemoteAddress remote) {
        asked.add(remote.text());
        if (remote.text().contains("nothere.example")) {
            throw new RemoteSourceException("there is no host nothere.example", null);
        }
    }
}
