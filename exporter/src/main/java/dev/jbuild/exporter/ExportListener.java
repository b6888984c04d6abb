package dev.jbuild.exporter;

/// Hears how far an export is. Called from one thread at a time, and must be quick.
public interface ExportListener {
    /// A listener that hears nothing.
    ExportListener NONE = new ExportListener() {
        @Override
        public void progress(String thing, long current, long total) {}

        @Override
        public void warn(String message) {}
    };

    /// So many bytes of the thing named are written, of `total` if that is known, else 0.
    void progress(String thing, long current, long total);

    /// Something the user should know of, though the export goes on.
    void warn(String message);
}
