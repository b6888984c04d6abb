package dev.jbuild.layerstore.archive;

/// Which extended attributes belong to an image. The others belong to the machine or to the store.
final class XattrRules {
    private XattrRules() {}

    /// `trusted.*` is overlay's and other kernel parts' own, and so is `user.overlay.*` in a user namespace: an
    /// image that could bring these would make overlay follow its redirects. `user.jbuild.*` is this store's. In
    /// `user.containers.override_stat` rootless tools, this one among them, keep whom a file belongs to, which the
    /// layer says anyway. Security labels are the machine's, capabilities are the image's.
    static boolean inImage(String name) {
        if (name.startsWith("security.")) {
            return name.equals("security.capability");
        }
        if (name.startsWith("system.")) {
            return name.startsWith("system.posix_acl_");
        }
        return name.startsWith("user.")
                && !name.startsWith("user.overlay.")
                && !name.startsWith("user.jbuild.")
                && !name.equals("user.containers.override_stat");
    }
}
