package dev.jbuild.layerstore.oci;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image configuration: what to run, on which platform, over which layers, and how it came about.
public record ImageConfig(
        Platform platform,
        @Nullable Instant created,
        @Nullable String author,
        ContainerConfig config,
        List<DiffId> diffIds,
        List<History> history) {
    public ImageConfig {
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
        author = author == null || author.isEmpty() ? null : author;
    }

    /// The configuration of `scratch`.
    public static ImageConfig empty(Platform platform) {
        return new ImageConfig(platform, null, null, ContainerConfig.EMPTY, List.of(), List.of());
    }

    public ImageConfig withPlatform(Platform newPlatform) {
        return new ImageConfig(newPlatform, created, author, config, diffIds, history);
    }

    public ImageConfig withCreated(@Nullable Instant newCreated) {
        return new ImageConfig(platform, newCreated, author, config, diffIds, history);
    }

    public ImageConfig withAuthor(@Nullable String newAuthor) {
        return new ImageConfig(platform, created, newAuthor, config, diffIds, history);
    }

    public ImageConfig withConfig(ContainerConfig newConfig) {
        return new ImageConfig(platform, created, author, newConfig, diffIds, history);
    }

    public ImageConfig withDiffIds(List<DiffId> newDiffIds) {
        return new ImageConfig(platform, created, author, config, newDiffIds, history);
    }

    public ImageConfig withHistory(List<History> newHistory) {
        return new ImageConfig(platform, created, author, config, diffIds, newHistory);
    }

    /// This configuration with one more line of history.
    public ImageConfig plusHistory(History line) {
        List<History> longer = new ArrayList<>(history);
        longer.add(line);
        return withHistory(longer);
    }
}
