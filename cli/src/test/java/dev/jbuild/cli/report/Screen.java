package dev.jbuild.cli.report;

import java.util.ArrayList;
import java.util.List;

/// A terminal without an upper edge that understands what [TtyProgress] sends, and nothing else.
final class Screen {
    /// Everything on the screen after this output, line by line.
    String show(String output) {
        List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        int i = 0;
        while (i < output.length()) {
            char c = output.charAt(i++);
            if (c == '\u001b') {
                int end = i + 1;
                while (!Character.isLetter(output.charAt(end))) {
                    end++;
                }
                String code = output.substring(i + 1, end + 1);
                i = end + 1;
                switch (code) {
                    case "K" ->
                        lines.get(row).setLength(Math.min(column, lines.get(row).length()));
                    case "J" -> {
                        lines.get(row).setLength(Math.min(column, lines.get(row).length()));
                        lines.subList(row + 1, lines.size()).clear();
                    }
                    case "?25l", "?25h" -> {}
                    default -> {
                        if (!code.endsWith("A")) {
                            throw new IllegalArgumentException("the terminal does not know ESC[" + code);
                        }
                        row -= Integer.parseInt(code.substring(0, code.length() - 1));
                    }
                }
            } else if (c == '\r') {
                column = 0;
            } else if (c == '\n') {
                row++;
                column = 0;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
            } else {
                StringBuilder line = lines.get(row);
                if (column < line.length()) {
                    line.setCharAt(column, c);
                } else {
                    line.append(c);
                }
                column++;
            }
        }
        return String.join("\n", lines);
    }
}
