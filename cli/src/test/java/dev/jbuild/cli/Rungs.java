package dev.jbuild.cli;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A place to build for each rung, made when it is first needed: directories, a store, and whoever builds there.
final class Rungs implements AutoCloseable {
    private final Path directory;
    private final Jbuild jbuild;
    private final Map<Rung, FreshUser> users = new EnumMap<>(Rung.class);
    private final Map<Rung, Map<String, String>> environments = new EnumMap<>(Rung.class);
    private @org.jspecify.annotations.Nullable BareContainer container;

    private Rungs(Path directory, Jbuild jbuild) {
        this.directory = directory;
        this.jbuild = jbuild;
    }

    static Rungs in(Path directory) throws IOException, InterruptedException {
        return new Rungs(directory, Jbuild.in(directory));
    }

    /// jbuild as the root of this machine.
    Jbuild jbuild() {
        return jbuild;
    }

    /// A variable that jbuild finds on this rung.
    void set(Rung rung, String name, String value) {
        environments.computeIfAbsent(rung, _ -> new HashMap<>()).put(name, value);
    }

    /// Where everything lies that a build of this rung reads and writes, but the store of root.
    Path place(Rung rung) throws IOException {
        return rung.ofRoot()
                ? directory
                : rung == Rung.BARE ? container().writable() : user(rung).home();
    }

    /// The store of this rung, as seen from outside.
    Path store(Rung rung) throws IOException {
        return rung.ofRoot()
                ? jbuild.store()
                : rung == Rung.BARE
                        ? container().written().resolve("store")
                        : user(rung).home().resolve("store");
    }

    private BareContainer container() throws IOException {
        if (container == null) {
            container = BareContainer.in(
                    directory.resolve("bundle"),
                    Files.createDirectories(directory.resolve("writable")),
                    jbuild.home(),
                    TestImages.folder(),
                    Path.of(java()));
        }
        return container;
    }

    private static String java() throws IOException {
        return Path.of(System.getProperty("java.home")).toRealPath().toString();
    }

    FreshUser user(Rung rung) {
        return users.computeIfAbsent(rung, _ -> {
            FreshUser user = rung == Rung.USER
                    ? FreshUser.make("jbuild-it-ids", "4000000")
                    : FreshUser.make("jbuild-it-one", "");
            user.give(jbuild.home(), "jbuild");
            return user;
        });
    }

    /// The options that make a name mean a base image.
    List<String> image(Rung rung, String name) throws IOException {
        return image(rung, name, TestImages.layout(name));
    }

    List<String> image(Rung rung, String name, Path layout) throws IOException {
        Path place = layout;
        if (users.containsKey(rung) || (!rung.ofRoot() && rung != Rung.BARE)) {
            place = user(rung).home().resolve(layout.getFileName());
            if (!Files.exists(place)) {
                user(rung).give(layout, place.getFileName().toString());
            }
        }
        return List.of("--build-context", name + "=oci-layout://" + place);
    }

    /// Puts a file or directory where the rung may read it.
    Path give(Rung rung, Path original, String as) throws IOException {
        if (rung.ofRoot()) {
            return original;
        }
        Path place = place(rung).resolve(as);
        Shell.run("rm -rf \"$2\" && cp -a \"$1\" \"$2\"", original, place);
        if (rung != Rung.BARE) {
            Shell.run("chown -R \"$2:\" \"$1\"", place, user(rung).name());
        }
        return place;
    }

    /// `jbuild build --progress=plain ARGUMENTS CONTEXT`; paths in the arguments are below [#place(Rung)].
    Outcome build(Rung rung, Path context, List<String> arguments) throws IOException, InterruptedException {
        return Installation.start(prepareBuild(rung, context, arguments, List.of()));
    }

    /// The same with these words of root before the command, not yet started.
    ProcessBuilder prepareBuild(Rung rung, Path context, List<String> arguments, List<String> through)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("--progress=plain", rung.option()));
        words.addAll(arguments);
        words.add(give(rung, context, "context").toString());
        return prepare(rung, through, "build", words);
    }

    /// `THROUGH jbuild COMMAND ARGUMENTS`, not yet started.
    ProcessBuilder prepare(Rung rung, List<String> through, String command, List<String> arguments) throws IOException {
        Path home = rung.ofRoot() || rung == Rung.BARE
                ? jbuild.home()
                : user(rung).home().resolve("jbuild");
        List<String> words = new ArrayList<>(List.of(home.resolve("bin/jbuild").toString(), command));
        words.addAll(arguments);
        Map<String, String> environment = new HashMap<>(environments.getOrDefault(rung, Map.of()));
        if (rung.ofRoot()) {
            environment.put("JBUILD_ROOT", jbuild.store().toString());
            List<String> all = new ArrayList<>(through);
            all.addAll(rung.alone(words));
            return Installation.prepare(directory, environment, all);
        }
        environment.put("JBUILD_JAVA_HOME", java());
        if (rung == Rung.BARE) {
            environment.put("HOME", place(rung).resolve("home").toString());
            environment.put(
                    "JBUILD_ROOT", container().overlay().resolve("store").toString());
            return container().prepare(environment, words);
        }
        environment.put("JBUILD_ROOT", store(rung).toString());
        return user(rung).prepare(environment, words, through);
    }

    @Override
    public void close() {
        users.values().forEach(FreshUser::close);
        if (container != null) {
            Shell.run("rm -rf \"$1\"", container.written());
        }
        jbuild.close();
    }
}
