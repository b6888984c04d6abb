package dev.jbuild.cli.report;

import java.util.Map;

/// Which of the three streams lead to a terminal, and how large it is. Asked only when somebody wants to know.
public sealed interface Terminal permits FixedTerminal, ProcessTerminal {
    /// What is assumed where nobody says.
    Size DEFAULT_SIZE = new Size(80, 24);

    boolean input();

    boolean output();

    boolean error();

    /// The size now; users change it while a build runs.
    Size size();

    /// Columns and rows.
    record Size(int columns, int rows) {
        public Size {
            if (columns < 1 || rows < 1) {
                throw new IllegalArgumentException("no terminal has the size " + columns + "x" + rows);
            }
        }
    }

    /// No stream leads to a terminal.
    static Terminal none() {
        return FixedTerminal.NONE;
    }

    /// All streams lead to a terminal of this size.
    static Terminal of(int columns, int rows) {
        return new FixedTerminal(true, true, true, new Size(columns, rows));
    }

    /// The terminal of this process.
    static Terminal ofProcess(Map<String, String> environment) {
        return new ProcessTerminal(environment);
    }
}
