package dev.jbuild.exporter.sbom;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells the expressions of SPDX from whatever else packages say of their license.
final class Licenses {
    // Those that packages mostly have; a text with any other word is quoted and not taken for an expression.
    private static final Set<String> KNOWN = Arrays.stream("""
                    0BSD AFL-2.1 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-2.0 BlueOak-1.0.0
                    BSD-1-Clause BSD-2-Clause BSD-3-Clause BSD-4-Clause BSL-1.0 bzip2-1.0.6 CC0-1.0 CC-BY-3.0 CC-BY-4.0
                    CDDL-1.0 CDDL-1.1 curl EPL-1.0 EPL-2.0 FTL GPL-1.0-only GPL-1.0-or-later GPL-2.0-only GPL-2.0-or-later
                    GPL-3.0-only GPL-3.0-or-later HPND ICU IJG ISC LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only
                    LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later Libpng libpng-2.0 MIT MIT-0 MPL-1.1 MPL-2.0 NCSA
                    OFL-1.1 OpenSSL PostgreSQL PSF-2.0 Python-2.0 Ruby SGI-B-2.0 TCL Unicode-3.0 Unicode-DFS-2016
                    Unlicense UPL-1.0 Vim W3C WTFPL X11 Zlib ZPL-2.1
                    Classpath-exception-2.0 GCC-exception-3.1 Bootloader-exception LLVM-exception
                    """.split("\\s+")).collect(Collectors.toSet());

    private Licenses() {}

    /// Whether this is an expression that any reader of SPDX accepts.
    static boolean isExpression(String license) {
        boolean operand = true;
        int open = 0;
        for (String word :
                license.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")) {
            switch (word) {
                case "(" -> {
                    if (!operand) {
                        return false;
                    }
                    open++;
                }
                case ")" -> {
                    if (operand || open-- == 0) {
                        return false;
                    }
                }
                case "AND", "OR", "WITH" -> {
                    if (operand) {
                        return false;
                    }
                    operand = true;
                }
                default -> {
                    if (!operand || !KNOWN.contains(word)) {
                        return false;
                    }
                    operand = false;
                }
            }
        }
        return !operand && open == 0;
    }
}
