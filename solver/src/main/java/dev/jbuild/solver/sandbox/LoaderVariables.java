package dev.jbuild.solver.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Environment variables that make programs load or run files.
///
/// Without an OCI runtime the process of RUN is started through programs of the machine, which have its environment by
/// then and their root not yet changed: for them such a variable would name files of the machine. The process gets
/// these by `env` of the image, and those that a shell on the way would set itself.
final class LoaderVariables {
    private static final String ENV = "/usr/bin/env";
    private static final List<String> PREFIXES = List.of(
            "LD_",
            "GLIBC_",
            "MALLOC_",
            "BASH",
            "SHELLOPTS=",
            "ENV=",
            "PS4=",
            "LIBMOUNT_",
            "GCONV_PATH=",
            "GETCONF_DIR=",
            "HOSTALIASES=",
            "LOCALDOMAIN=",
            "LOCPATH=",
            "NIS_PATH=",
            "NLSPATH=",
            "RES_OPTIONS=",
            "RESOLV_HOST_CONF=",
            "TZDIR=",
            "BLKID_",
            "LIBBLKID_",
            "POSIXLY_CORRECT=",
            "PWD=",
            "OLDPWD=",
            "SHLVL=",
            "_=");
    /// What a shell sets that was told to do something else first.
    private static final List<String> OF_SHELLS = List.of("PWD", "OLDPWD", "SHLVL", "_");

    private LoaderVariables() {}

    /// The variables without these.
    static List<String> without(List<String> environment) {
        return environment.stream()
                .filter(Predicate.not(LoaderVariables::isOne))
                .toList();
    }

    /// The command, which sets these first if there are any.
    static List<String> setBefore(List<String> command, List<String> environment) {
        List<String> loader =
                environment.stream().filter(LoaderVariables::isOne).toList();
        if (loader.isEmpty()) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of(ENV));
        all.addAll(loader);
        all.addAll(command);
        return all;
    }

    /// The words that take from a command what the shells of the machine, on the way to it, put into its environment.
    static List<String> withoutThoseOfShells(Programs programs) {
        List<String> words = new ArrayList<>(List.of(programs.need("env").toString()));
        OF_SHELLS.forEach(name -> words.addAll(List.of("-u", name)));
        return words;
    }

    private static boolean isOne(String variable) {
        return PREFIXES.stream().anyMatch(variable::startsWith);
    }
}
