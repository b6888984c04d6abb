package dev.jbuild.solver.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a Dockerfile gets only from a user who gives it.
public enum Entitlement {
    NETWORK_HOST("network.host"),
    SECURITY_INSECURE("security.insecure");

    private final String word;

    Entitlement(String word) {
        this.word = word;
    }

    /// Its name on the command line.
    public String word() {
        return word;
    }

    public static Optional<Entitlement> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Entitlement::word).toList();
    }
}
